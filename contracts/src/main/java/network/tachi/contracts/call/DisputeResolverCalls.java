package network.tachi.contracts.call;

import java.math.BigInteger;
import java.util.List;
import network.tachi.evm.Abi;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/** Calls of {@code DisputeResolver}. */
public final class DisputeResolverCalls {
  private DisputeResolverCalls() {}

  /** Disputes payments of the sender to one licence. */
  public static Bytes open(List<DirectPayment> payments, Hash evidenceHash, String evidenceUri) {
    return Abi.call(
        "open", DirectPayment.array(payments), Abi.bytes32(evidenceHash), Abi.string(evidenceUri));
  }

  /** Refunds the crawler; publisher. */
  public static Bytes accept(BigInteger disputeId, List<DirectPayment> payments) {
    return Abi.call("accept", Abi.uint256(disputeId), DirectPayment.array(payments));
  }

  /** Answers with evidence; publisher. */
  public static Bytes answer(BigInteger disputeId, Hash evidenceHash, String evidenceUri) {
    return Abi.call(
        "answer", Abi.uint256(disputeId), Abi.bytes32(evidenceHash), Abi.string(evidenceUri));
  }

  /** Asks the arbiter; crawler. */
  public static Bytes escalate(BigInteger disputeId) {
    return Abi.call("escalate", Abi.uint256(disputeId));
  }

  /** Rules: 0 refuses, 1 refunds, 2 releases; arbiter. */
  public static Bytes rule(BigInteger disputeId, int ruling) {
    return Abi.call("rule", Abi.uint256(disputeId), Abi.uint256(ruling));
  }

  /** Ends a dispute that was ruled or whose deadline has passed; anyone. */
  public static Bytes resolve(BigInteger disputeId, List<DirectPayment> payments) {
    return Abi.call("resolve", Abi.uint256(disputeId), DirectPayment.array(payments));
  }

  /** Suspends a licence; arbiter. */
  public static Bytes suspendLicense(LicenseId id) {
    return Abi.call("suspendLicense", Abi.uint256(id));
  }

  /** Lifts a suspension; arbiter. */
  public static Bytes unsuspendLicense(LicenseId id) {
    return Abi.call("unsuspendLicense", Abi.uint256(id));
  }

  /** The number of disputes, and the last one's id. */
  public static View<BigInteger> disputeCount() {
    return new View<>(Abi.call("disputeCount"), r -> r.uint(0));
  }
}
