package network.tachi.queryapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.LogTree;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.SumNode;
import network.tachi.contracts.wire.SumProof;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.ClaimProof;
import network.tachi.proto.v1.ConsistencyProof;
import network.tachi.proto.v1.Epoch;
import network.tachi.proto.v1.GetAttestationRequest;
import network.tachi.proto.v1.GetClaimRequest;
import network.tachi.proto.v1.GetConsistencyProofRequest;
import network.tachi.proto.v1.GetEpochRequest;
import network.tachi.proto.v1.GetInclusionProofRequest;
import network.tachi.proto.v1.InclusionProof;
import network.tachi.proto.v1.ListEpochsRequest;
import network.tachi.proto.v1.ListEpochsResponse;
import network.tachi.proto.v1.LogEntry;
import network.tachi.proto.v1.VerificationServiceGrpc;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The usage log, epochs and claims: gRPC and REST say the same, and the proofs verify. */
class ProofsTest {
  private static final Filled FILLED = new Filled();

  @AfterAll
  static void stop() {
    FILLED.close();
  }

  @Test
  void getAttestation_shouldGiveWhatTheOracleSigned() {
    LogEntry entry =
        FILLED.ask(
            VerificationServiceGrpc.getGetAttestationMethod(),
            GetAttestationRequest.newBuilder().setLogIndex(6).build(),
            "/v1/log/6");
    UsageAttestation line = FILLED.world.log.lines.get(6);
    assertThat(entry.getEpoch()).isEqualTo(1);
    assertThat(entry.getEpochState()).isEqualTo("finalised");
    assertThat(entry.getAttestation().getLeafHash()).isEqualTo(line.leafHash().toString());
    assertThat(entry.getAttestation().getSignature())
        .isEqualTo(FILLED.world.log.signatures.get(6).toString());
    assertThat(entry.getAttestation().getAttestation().getPairPrevIndex())
        .isEqualTo("18446744073709551615");
    assertThat(entry.getAttestation().getAttestation().getPaymentRef())
        .isEqualTo(line.paymentRef().toString());
    assertThat(covering(8)).isEqualTo("2 posted");
    assertThat(covering(9)).isEqualTo("3 closed");
    assertThat(covering(10)).isEqualTo("0 ");
  }

  private static String covering(long index) {
    LogEntry entry =
        FILLED.world.call(
            VerificationServiceGrpc.getGetAttestationMethod(),
            GetAttestationRequest.newBuilder().setLogIndex(index).build());
    return entry.getEpoch() + " " + entry.getEpochState();
  }

  @Test
  void getInclusionProof_shouldVerify() {
    InclusionProof proof =
        FILLED.ask(
            VerificationServiceGrpc.getGetInclusionProofMethod(),
            GetInclusionProofRequest.newBuilder().setLogIndex(3).build(),
            "/v1/log/3/proof");
    assertThat(proof.getLogSize()).isEqualTo(FILLED.posted.body().logSize());
    assertThat(proof.getRoot()).isEqualTo(FILLED.posted.body().logRoot().toString());
    verify(proof);
    for (long size = 1; size <= FILLED.world.log.tree.size(); size++) {
      for (long index = 0; index < size; index++) {
        InclusionProof each =
            FILLED.world.call(
                VerificationServiceGrpc.getGetInclusionProofMethod(),
                GetInclusionProofRequest.newBuilder().setLogIndex(index).setLogSize(size).build());
        assertThat(each.getRoot()).isEqualTo(FILLED.world.log.tree.root(size).toString());
        verify(each);
      }
    }
  }

  private static void verify(InclusionProof proof) {
    assertThat(
            LogTree.verifyInclusion(
                Hash.parse(proof.getLeafHash()),
                proof.getLogIndex(),
                proof.getLogSize(),
                proof.getPathList().stream().map(Hash::parse).toList(),
                Hash.parse(proof.getRoot())))
        .isTrue();
  }

  @Test
  void getConsistencyProof_shouldVerify() {
    for (long to = 0; to <= FILLED.world.log.tree.size(); to++) {
      for (long from = 0; from <= to; from++) {
        ConsistencyProof proof =
            FILLED.world.call(
                VerificationServiceGrpc.getGetConsistencyProofMethod(),
                GetConsistencyProofRequest.newBuilder().setFromSize(from).setToSize(to).build());
        assertThat(
                LogTree.verifyConsistency(
                    from,
                    FILLED.world.log.tree.root(from),
                    to,
                    FILLED.world.log.tree.root(to),
                    proof.getPathList().stream().map(Hash::parse).toList()))
            .as(from + " to " + to)
            .isTrue();
        assertThat(proof.getToRoot()).isEqualTo(FILLED.world.log.tree.root(to).toString());
      }
    }
    FILLED.ask(
        VerificationServiceGrpc.getGetConsistencyProofMethod(),
        GetConsistencyProofRequest.newBuilder().setFromSize(3).setToSize(8).build(),
        "/v1/log/consistency?fromSize=3&toSize=8");
  }

  @Test
  void getEpoch_shouldGiveHeaderBodyAndPlaces() {
    Epoch epoch =
        FILLED.ask(
            VerificationServiceGrpc.getGetEpochMethod(),
            GetEpochRequest.newBuilder().setEpoch(1).build(),
            "/v1/epochs/1");
    assertThat(epoch)
        .isEqualTo(
            Epoch.newBuilder()
                .setEpoch(1)
                .setGeneration(1)
                .setHeaderHash(FILLED.finalised.header().structHash().toString())
                .setPrevHeaderHash(FILLED.world.network.deploymentId().orElseThrow().toString())
                .setConfigDigest(FILLED.finalised.header().configDigest().toString())
                .setBodyHash(FILLED.finalised.header().bodyHash().toString())
                .setLogSize(8)
                .setLogRoot(FILLED.finalised.body().logRoot().toString())
                .setLicenseCount(2)
                .setCreditRoot(FILLED.finalised.body().creditRoot().toString())
                .setCrawlerCount(2)
                .setDebitRoot(FILLED.finalised.body().debitRoot().toString())
                .setTotalCredit("9000")
                .setTotalDebit("9000")
                .setRulesHash(FILLED.finalised.body().rulesHash().toString())
                .setDataCommitment(FILLED.finalised.body().dataCommitment().toString())
                .setClosedAt(FILLED.finalised.body().closedAt())
                .setState("finalised")
                .setSettlementTx(FILLED.postTx.toString())
                .setAnchorTx(FILLED.anchorTx.toString())
                .setAsOf(FILLED.baseHead())
                .build());
  }

  @Test
  void getEpoch_latest_shouldGiveTheNewestThatStands() {
    Epoch latest =
        FILLED.ask(
            VerificationServiceGrpc.getGetEpochMethod(),
            GetEpochRequest.getDefaultInstance(),
            "/v1/epochs/latest");
    assertThat(latest.getHeaderHash()).isEqualTo(FILLED.closed.header().structHash().toString());
    assertThat(latest.getState()).isEqualTo("closed");
    assertThat(latest.getSettlementTx()).isEmpty();
  }

  @Test
  void listEpochs_shouldGiveNewestFirst() {
    ListEpochsResponse epochs =
        FILLED.ask(
            VerificationServiceGrpc.getListEpochsMethod(),
            ListEpochsRequest.getDefaultInstance(),
            "/v1/epochs");
    assertThat(epochs.getEpochsList())
        .extracting(epoch -> epoch.getEpoch() + " " + epoch.getState())
        .containsExactly("3 closed", "2 posted", "1 finalised");
  }

  @Test
  void getClaim_shouldProveTheLeafInTheFinalisedHeader() {
    ClaimProof claim =
        FILLED.ask(
            VerificationServiceGrpc.getGetClaimMethod(),
            GetClaimRequest.newBuilder().setLicenseId("1").build(),
            "/v1/licenses/1/claim");
    assertThat(claim.getCumulative()).isEqualTo("7500");
    assertThat(claim.getClaimed()).isEqualTo("6000");
    assertThat(claim.getClaimable()).isEqualTo("1500");
    assertThat(claim.getEpoch().getEpoch()).isEqualTo(1);
    LicenseLeaf leaf =
        new LicenseLeaf(
            World.license(1),
            UsdcAmount.parse(claim.getCumulative()),
            claim.getPairCount(),
            Hash.parse(claim.getPairRoot()));
    List<SumNode> path =
        claim.getPathList().stream()
            .map(node -> new SumNode(Hash.parse(node.getHash()), UsdcAmount.parse(node.getSum())))
            .toList();
    SumProof proof = new SumProof(claim.getIndex(), claim.getEpoch().getLicenseCount(), path);
    assertThat(
            new Proven<>(leaf, proof)
                .in(FILLED.finalised.body().credit(), FILLED.finalised.body().licenseCount()))
        .isTrue();
  }
}
