package network.tachi.gateway;

import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.tx.Outbox;
import network.tachi.tx.TxSender;

/** What takes payment by authorisation, put together. */
record DirectRail(
    Authorizations authorizations,
    SettlementDesk desk,
    ExactVerifier verifier,
    PayerLimits limits,
    UsageQueue usage,
    TxSender sender) {
  static DirectRail assemble(
      GatewayConfig config, Parts parts, Vaults vaults, EthRpc rpc, Signer facilitator) {
    Settlement settlement = parts.settlement();
    Authorizations authorizations =
        new Authorizations(parts.database(), parts.clock(), config.name(), config.fetchLease());
    UsageQueue usage = new UsageQueue(parts.database(), parts.clock());
    Outbox outbox = new Outbox(parts.database().dsl(), "gateway");
    PaymentEvidence evidence = new PaymentEvidence(rpc, settlement);
    SettlementDesk desk =
        new SettlementDesk(parts, authorizations, usage, outbox, evidence, vaults);
    TxSender sender =
        new TxSender(
            outbox,
            parts.database().dataSource(),
            settlement.chain(),
            rpc,
            facilitator,
            config.sendPolicy(),
            (_, key) -> SettlementDesk.isDone(rpc, settlement, key),
            parts.clock());
    ExactVerifier verifier =
        new ExactVerifier(settlement, rpc, facilitator.address(), Secp256k1.best());
    PayerLimits limits = new PayerLimits(parts.database(), authorizations, settlement, rpc);
    return new DirectRail(authorizations, desk, verifier, limits, usage, sender);
  }
}
