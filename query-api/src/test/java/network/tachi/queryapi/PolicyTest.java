package network.tachi.queryapi;

import static network.tachi.queryapi.Filled.ALICE;
import static network.tachi.queryapi.Filled.BOB;
import static network.tachi.store.jooq.projection.Tables.LICENSE_TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import network.tachi.contracts.policy.Category;
import network.tachi.contracts.policy.Policy;
import network.tachi.contracts.policy.PolicyRule;
import network.tachi.contracts.policy.Purpose;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.GetPolicyRequest;
import network.tachi.proto.v1.PolicyServiceGrpc;
import network.tachi.proto.v1.PublishPolicyRequest;
import network.tachi.proto.v1.SignedPolicy;
import network.tachi.server.ProtoJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Policies are taken from the licence's holder only, one version after the other. */
class PolicyTest {
  private final World world = new World();

  @BeforeEach
  void fill() {
    world.base.block(block -> {
      World.mint(block, 1, ALICE);
      World.mint(block, 2, BOB);
    });
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private SignedPolicy publish(PublishPolicyRequest request) {
    return world.call(PolicyServiceGrpc.getPublishPolicyMethod(), request);
  }

  private HttpResponse<String> post(PublishPolicyRequest request) {
    return world.post(
        "/v1/licenses/" + request.getLicenseId() + "/policy", ProtoJson.print(request));
  }

  private void assertRefused(
      PublishPolicyRequest request, int status, Status.Code grpc, String code, String field) {
    HttpResponse<String> response = post(request);
    JsonNode problem = World.json(response);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(problem.path("code").asString()).isEqualTo(code);
    assertThat(problem.path("field").asString()).isEqualTo(field);
    StatusRuntimeException refused =
        world.refused(PolicyServiceGrpc.getPublishPolicyMethod(), request);
    assertThat(refused.getStatus().getCode()).isEqualTo(grpc);
  }

  private boolean exists(long license) {
    return world.get("/v1/licenses/" + license + "/policy").statusCode() == 200;
  }

  @Test
  void publish_byHolder_shouldBeReadBackOnBothProtocols() {
    Policy policy = Filled.policy(1, 1, 1000);
    HttpResponse<String> response = post(world.publication(policy, ALICE));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    SignedPolicy.Builder posted = ProtoJson.merge(response.body(), SignedPolicy.newBuilder());
    assertThat(posted.getPolicyHash()).isEqualTo(policy.hash().toString());
    assertThat(posted.getDocument()).isEqualTo(policy.document());
    assertThat(posted.getSigner()).isEqualTo(ALICE.address().toString());
    SignedPolicy found =
        world.call(
            PolicyServiceGrpc.getGetPolicyMethod(),
            GetPolicyRequest.newBuilder().setLicenseId("1").build());
    assertThat(found).isEqualTo(posted.build());
    assertThat(
            ProtoJson.merge(world.get("/v1/licenses/1/policy").body(), SignedPolicy.newBuilder())
                .build())
        .isEqualTo(found);
  }

  @Test
  void publish_nextVersion_shouldKeepTheOld() {
    publish(world.publication(Filled.policy(1, 1, 1000), ALICE));
    publish(world.publication(Filled.policy(1, 2, 2000), ALICE));
    assertThat(World.json(world.get("/v1/licenses/1/policy")).path("version").asString())
        .isEqualTo("2");
    assertThat(
            World.json(world.get("/v1/licenses/1/policy?version=1")).path("policyHash").asString())
        .isEqualTo(Filled.policy(1, 1, 1000).hash().toString());
  }

  @Test
  void publish_again_shouldGiveTheSameAnswer() {
    PublishPolicyRequest request = world.publication(Filled.policy(1, 1, 1000), ALICE);
    SignedPolicy first = publish(request);
    assertThat(publish(request)).isEqualTo(first);
    publish(world.publication(Filled.policy(1, 2, 2000), ALICE));
    assertThat(publish(request)).isEqualTo(first);
  }

  @Test
  void publish_byAnother_shouldBeRefused() {
    assertRefused(
        world.publication(Filled.policy(1, 1, 1000), BOB),
        403,
        Status.Code.PERMISSION_DENIED,
        "wrong_signer",
        "signature");
    assertThat(exists(1)).isFalse();
  }

  @Test
  void publish_afterATransfer_shouldBeTheNewHoldersRight() {
    world.base.block(block ->
        block
            .event(LICENSE_TRANSFER)
            .set(LICENSE_TRANSFER.FROM_ADDRESS, ALICE.address())
            .set(LICENSE_TRANSFER.TO_ADDRESS, BOB.address())
            .set(LICENSE_TRANSFER.LICENSE_ID, 1L)
            .emit());
    assertRefused(
        world.publication(Filled.policy(1, 1, 1000), ALICE),
        403,
        Status.Code.PERMISSION_DENIED,
        "wrong_signer",
        "signature");
    assertThat(publish(world.publication(Filled.policy(1, 1, 1000), BOB)).getSigner())
        .isEqualTo(BOB.address().toString());
  }

  @Test
  void publish_wrongVersion_shouldBeRefused() {
    assertRefused(
        world.publication(Filled.policy(1, 2, 1000), ALICE),
        409,
        Status.Code.ABORTED,
        "wrong_version",
        "version");
    publish(world.publication(Filled.policy(1, 1, 1000), ALICE));
    assertRefused(
        world.publication(Filled.policy(1, 1, 2000), ALICE),
        409,
        Status.Code.ABORTED,
        "wrong_version",
        "version");
  }

  @Test
  void publish_documentThatIsNotCanonical_shouldBeRefused() {
    PublishPolicyRequest request = world.publication(Filled.policy(1, 1, 1000), ALICE);
    String spaced = request.getDocument().replace(",", ", ");
    for (String document : List.of(spaced, "", "{}", "[]", "not json", "{\"licenseId\":1}")) {
      HttpResponse<String> response = post(request.toBuilder().setDocument(document).build());
      assertThat(response.statusCode()).as(document).isEqualTo(400);
      assertThat(World.json(response).path("code").asString()).isEqualTo("invalid_policy");
      assertThat(World.json(response).path("field").asString()).startsWith("document");
    }
    assertRefused(
        request.toBuilder().setDocument(spaced).build(),
        400,
        Status.Code.INVALID_ARGUMENT,
        "invalid_policy",
        "document");
  }

  @Test
  void publish_ruleThatNoRequestCouldMatch_shouldBeRefused() {
    for (String path :
        List.of("/caf%c3%a9/*", "/%40alice", "/a;b", "/a//b", "/a b", "/caf\u00e9")) {
      PolicyRule rule = new PolicyRule(path, Purpose.ANY, Category.PREMIUM, UsdcAmount.of(1000));
      assertRefused(
          world.publication(new Policy(LicenseId.of(1), 1, List.of(rule)), ALICE),
          400,
          Status.Code.INVALID_ARGUMENT,
          "invalid_policy",
          "document.rules");
    }
  }

  @Test
  void publish_documentOfAnotherLicenceOrVersion_shouldBeRefused() {
    PublishPolicyRequest request = world.publication(Filled.policy(1, 1, 1000), ALICE);
    assertRefused(
        request.toBuilder().setLicenseId("2").build(),
        400,
        Status.Code.INVALID_ARGUMENT,
        "invalid_policy",
        "document.licenseId");
    assertRefused(
        request.toBuilder().setVersion(2).build(),
        400,
        Status.Code.INVALID_ARGUMENT,
        "invalid_policy",
        "document.version");
  }

  @Test
  void publish_signatureOfAnotherForm_shouldBeRefused() {
    PublishPolicyRequest request = world.publication(Filled.policy(1, 1, 1000), ALICE);
    for (String signature : List.of("", "0x", "0x12", "zz", "0x" + "00".repeat(65))) {
      assertRefused(
          request.toBuilder().setSignature(signature).build(),
          400,
          Status.Code.INVALID_ARGUMENT,
          "invalid_argument",
          "signature");
    }
  }

  @Test
  void publish_unknownLicence_shouldBe404() {
    PublishPolicyRequest request = world.publication(Filled.policy(9, 1, 1000), ALICE);
    assertThat(post(request).statusCode()).isEqualTo(404);
  }

  @Test
  void publish_bodyThatIsNoMessage_shouldBeRefused() {
    HttpResponse<String> response = world.post("/v1/licenses/1/policy", "{\"colour\":1}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(World.json(response).path("code").asString()).isEqualTo("malformed_body");
  }

  @Test
  void publish_atOnce_shouldTakeOneOfEachVersion() throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> attempts = new ArrayList<>();
      for (int i = 1; i <= 16; i++) {
        PublishPolicyRequest request = world.publication(Filled.policy(1, 1, i), ALICE);
        attempts.add(() -> post(request).statusCode());
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> attempt : executor.invokeAll(attempts)) {
        statuses.add(attempt.get());
      }
      assertThat(statuses).isSubsetOf(200, 409);
      assertThat(statuses).containsOnlyOnce(200);
    }
  }
}
