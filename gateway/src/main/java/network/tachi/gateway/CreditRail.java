package network.tachi.gateway;

import network.tachi.evm.Secp256k1;

/** What takes payment by voucher, put together. */
record CreditRail(Reservations reservations, CreditReporter reporter, CreditFlow flow) {
  static CreditRail assemble(GatewayConfig config, Parts parts, OracleClient oracle) {
    KnownKeys keys = new KnownKeys(Secp256k1.best());
    VoucherVerifier vouchers = new VoucherVerifier(parts.database(), parts.settlement(), keys);
    Reservations reservations = new Reservations(parts.clock(), config.name());
    CreditDesk desk =
        new CreditDesk(
            parts,
            new Pairs(parts.clock()),
            reservations,
            vouchers,
            oracle,
            new Deposits(parts.settlement().chain()),
            config.fetchLease(),
            config.reportLease());
    AttestationCheck check =
        new AttestationCheck(parts.database(), parts.settlement(), keys, vouchers);
    CreditReporter reporter =
        new CreditReporter(parts, desk, reservations, oracle, check, config.reportLease());
    CreditFlow flow =
        new CreditFlow(parts, desk, reporter, reservations, vouchers, config.reportLease());
    return new CreditRail(reservations, reporter, flow);
  }
}
