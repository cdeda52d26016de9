package network.tachi.oracle;

import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Signature;
import network.tachi.proto.v1.Attestation;
import network.tachi.proto.v1.Rail;
import network.tachi.proto.v1.SignedAttestation;

/** Writes attestations as {@code tachi.v1} messages. */
final class ProtoAttestations {
  private ProtoAttestations() {}

  /** The message of a signed attestation. */
  static SignedAttestation signed(UsageAttestation leaf, Signature signature) {
    return SignedAttestation.newBuilder()
        .setAttestation(
            Attestation.newBuilder()
                .setGeneration(Long.toUnsignedString(leaf.generation()))
                .setLogIndex(Long.toUnsignedString(leaf.logIndex()))
                .setConfigVersion(Long.toUnsignedString(leaf.configVersion()))
                .setRail(leaf.isCredit() ? Rail.CREDIT : Rail.DIRECT)
                .setCrawler(leaf.crawler().toString())
                .setLicenseId(leaf.licenseId().toString())
                .setContentId(leaf.contentId().toString())
                .setRequestId(leaf.requestId().toString())
                .setUnits(Long.toUnsignedString(leaf.units()))
                .setUnitPrice(leaf.unitPrice().toString())
                .setPairSeq(Long.toUnsignedString(leaf.pairSeq()))
                .setPairPrevIndex(Long.toUnsignedString(leaf.pairPrevIndex()))
                .setPairCumulative(leaf.pairCumulative().toString())
                .setPaymentRef(leaf.paymentRef().toString())
                .setIssuedAtMs(Long.toUnsignedString(leaf.issuedAtMs())))
        .setSignature(signature.toString())
        .setLeafHash(leaf.leafHash().toString())
        .build();
  }
}
