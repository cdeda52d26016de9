package network.tachi.contracts.web3j;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import network.tachi.contracts.call.CreditEscrowCalls;
import network.tachi.contracts.call.HeaderAnchorCalls;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.contracts.wire.WireVectors;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.core.RemoteFunctionCall;
import tools.jackson.databind.JsonNode;

/** Holds our call encoders against what web3j encodes from the compiled ABI. */
class BindingsTest {
  private static final Address A = Address.parse("0x00000000000000000000000000000000000000a1");
  private static final Address B = Address.parse("0xffffffffffffffffffffffffffffffffffffffff");
  private static final LicenseId ID = LicenseId.of(Long.MAX_VALUE);
  private static final UsdcAmount AMOUNT = UsdcAmount.parse("123456789012345678901234567890");
  private static final Hash WORD = Keccak.hash("word");
  private static final Signature SIGNATURE =
      Secp256k1.best().sign(WORD, PrivateKey.of(Keccak.hash("key").toBytes()));

  private static void assertSame(Bytes ours, RemoteFunctionCall<?> web3j) {
    assertThat(ours.toString()).isEqualTo(web3j.encodeFunctionCall());
  }

  private static BigInteger amount() {
    return AMOUNT.toBigInteger();
  }

  @Test
  void paymentCalls_shouldBeEncodedAsTheAbiSays() {
    PaymentProcessor c = Bindings.encoder(PaymentProcessor::load);
    Eip3009.Authorization auth =
        new Eip3009.Authorization(A, B, AMOUNT, BigInteger.ONE, BigInteger.TWO.pow(255), WORD);
    assertSame(
        PaymentProcessorCalls.settleAuthorization(ID, auth, Bytes.of(SIGNATURE.toBytes())),
        c.settleAuthorization(
            ID.toBigInteger(),
            A.toString(),
            amount(),
            BigInteger.ONE,
            auth.validBefore(),
            WORD.toBytes(),
            SIGNATURE.toBytes()));
    assertSame(PaymentProcessorCalls.vaultInitCodeHash().data(), c.vaultInitCodeHash());
    assertSame(PaymentProcessorCalls.vaultOf(ID).data(), c.vaultOf(ID.toBigInteger()));
    assertSame(PaymentProcessorCalls.stateOf(WORD).data(), c.stateOf(WORD.toBytes()));
  }

  private static Committed committed(JsonNode v) {
    return new Committed(
        WireVectors.header(v.required("header")), WireVectors.body(v.required("body")));
  }

  private static QuorumSignature quorum(JsonNode v) {
    JsonNode q = v.required("quorums").get(0);
    return new QuorumSignature(q.required("bitmap").asInt(), WireVectors.bytes(q, "signatures"));
  }

  private static MeteringLedger.EpochHeader header(network.tachi.contracts.wire.EpochHeader h) {
    return new MeteringLedger.EpochHeader(
        BigInteger.valueOf(h.epoch()),
        BigInteger.valueOf(h.generation()),
        h.prevHeaderHash().toBytes(),
        h.configDigest().toBytes(),
        h.bodyHash().toBytes());
  }

  private static MeteringLedger.EpochBody body(network.tachi.contracts.wire.EpochBody b) {
    return new MeteringLedger.EpochBody(
        BigInteger.valueOf(b.logSize()),
        b.logRoot().toBytes(),
        BigInteger.valueOf(b.licenseCount()),
        b.creditRoot().toBytes(),
        BigInteger.valueOf(b.crawlerCount()),
        b.debitRoot().toBytes(),
        b.totalCredit().toBigInteger(),
        b.totalDebit().toBigInteger(),
        b.rulesHash().toBytes(),
        b.dataCommitment().toBytes(),
        BigInteger.valueOf(b.closedAt()));
  }

  @Test
  void ledgerCalls_shouldBeEncodedAsTheAbiSays() {
    MeteringLedger c = Bindings.encoder(MeteringLedger::load);
    JsonNode v = WireVectors.at("headers").get(2);
    Committed epoch = committed(v);
    QuorumSignature quorum = quorum(v);
    assertSame(
        MeteringLedgerCalls.post(epoch, quorum),
        c.post(
            header(epoch.header()),
            body(epoch.body()),
            BigInteger.valueOf(quorum.bitmap()),
            quorum.signatures().toArray()));
    assertSame(
        MeteringLedgerCalls.finalise(epoch),
        c.finalise(new MeteringLedger.Committed(header(epoch.header()), body(epoch.body()))));
    assertSame(MeteringLedgerCalls.depositBond(AMOUNT), c.depositBond(amount()));
    assertSame(MeteringLedgerCalls.head().data(), c.head());
    assertSame(MeteringLedgerCalls.headerAt(9).data(), c.headerAt(BigInteger.valueOf(9)));
    assertSame(MeteringLedgerCalls.bond().data(), c.bond());
    assertSame(MeteringLedgerCalls.configDigest().data(), c.configDigest());
  }

  @Test
  void anchorCalls_shouldBeEncodedAsTheAbiSays() {
    HeaderAnchor c = Bindings.encoder(HeaderAnchor::load);
    JsonNode v = WireVectors.at("headers").get(1);
    var h = WireVectors.header(v.required("header"));
    QuorumSignature quorum = quorum(v);
    assertSame(
        HeaderAnchorCalls.anchor(h, quorum),
        c.anchor(
            new HeaderAnchor.EpochHeader(
                BigInteger.valueOf(h.epoch()),
                BigInteger.valueOf(h.generation()),
                h.prevHeaderHash().toBytes(),
                h.configDigest().toBytes(),
                h.bodyHash().toBytes()),
            BigInteger.valueOf(quorum.bitmap()),
            quorum.signatures().toArray()));
    assertSame(HeaderAnchorCalls.latest().data(), c.latest());
  }

  @Test
  void escrowCalls_shouldBeEncodedAsTheAbiSays() {
    CreditEscrow c = Bindings.encoder(CreditEscrow::load);
    assertSame(CreditEscrowCalls.netDeposits().data(), c.netDeposits());
  }

  @Test
  void usdcCalls_shouldBeEncodedAsTheAbiSays() {
    LocalUsdc c = Bindings.encoder(LocalUsdc::load);
    assertSame(UsdcCalls.approve(B, AMOUNT), c.approve(B.toString(), amount()));
    assertSame(UsdcCalls.balanceOf(B).data(), c.balanceOf(B.toString()));
    assertSame(
        UsdcCalls.authorizationState(A, WORD).data(),
        c.authorizationState(A.toString(), WORD.toBytes()));
  }
}
