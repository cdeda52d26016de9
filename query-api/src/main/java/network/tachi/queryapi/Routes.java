package network.tachi.queryapi;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import network.tachi.proto.v1.AnalyticsServiceGrpc;
import network.tachi.proto.v1.DiscoveryServiceGrpc;
import network.tachi.proto.v1.PolicyServiceGrpc;
import network.tachi.proto.v1.VerificationServiceGrpc;
import network.tachi.server.TachiServer;

/** Where REST finds the methods of the services, and the document that describes it. */
final class Routes {
  /**
   * A method's place on REST.
   *
   * @param method GET or POST
   * @param path with the JSON names of request fields as parameters
   * @param rpc answers it
   */
  record Route(
      Method method, String path, MethodDescriptor<? extends Message, ? extends Message> rpc) {}

  /** All routes; of two that match a path, the first answers. */
  static final List<Route> ALL =
      List.of(
          get("/v1/publishers", DiscoveryServiceGrpc.getListPublishersMethod()),
          get("/v1/resolve", DiscoveryServiceGrpc.getResolveMethod()),
          get("/v1/licenses", VerificationServiceGrpc.getVerifyLicenseMethod()),
          get("/v1/licenses/{licenseId}", VerificationServiceGrpc.getVerifyLicenseMethod()),
          get("/v1/licenses/{licenseId}/claim", VerificationServiceGrpc.getGetClaimMethod()),
          get("/v1/licenses/{licenseId}/revenue", AnalyticsServiceGrpc.getGetRevenueMethod()),
          get("/v1/licenses/{licenseId}/policy", PolicyServiceGrpc.getGetPolicyMethod()),
          new Route(
              Method.POST,
              "/v1/licenses/{licenseId}/policy",
              PolicyServiceGrpc.getPublishPolicyMethod()),
          get("/v1/payments", AnalyticsServiceGrpc.getListPaymentsMethod()),
          get(
              "/v1/payments/{chainId}/{paymentId}",
              VerificationServiceGrpc.getVerifyPaymentMethod()),
          get("/v1/disputes", AnalyticsServiceGrpc.getListDisputesMethod()),
          get("/v1/log/consistency", VerificationServiceGrpc.getGetConsistencyProofMethod()),
          get("/v1/log/{logIndex}", VerificationServiceGrpc.getGetAttestationMethod()),
          get("/v1/log/{logIndex}/proof", VerificationServiceGrpc.getGetInclusionProofMethod()),
          get("/v1/epochs", VerificationServiceGrpc.getListEpochsMethod()),
          get("/v1/epochs/latest", VerificationServiceGrpc.getGetEpochMethod()),
          get("/v1/epochs/{epoch}", VerificationServiceGrpc.getGetEpochMethod()),
          get("/v1/crawlers/{crawler}/credit", VerificationServiceGrpc.getGetCreditMethod()),
          get("/v1/books/{chainId}", AnalyticsServiceGrpc.getGetBooksMethod()));

  private static final String OPENAPI = "/META-INF/openapi.yaml";

  private Routes() {}

  private static Route get(
      String path, MethodDescriptor<? extends Message, ? extends Message> rpc) {
    return new Route(Method.GET, path, rpc);
  }

  /** Adds all routes to a server. */
  static TachiServer.Builder addTo(TachiServer.Builder server) {
    ALL.forEach(route -> server.rest(route.method(), route.path(), route.rpc()));
    return server.http(Routes::openApi);
  }

  private static void openApi(HttpRules rules) {
    byte[] document = openApiDocument();
    rules.get(
        "/openapi",
        (_, response) ->
            response.header(HeaderNames.CONTENT_TYPE, "application/yaml").send(document));
  }

  /** The OpenAPI document of this API. */
  static byte[] openApiDocument() {
    try (InputStream in = Routes.class.getResourceAsStream(OPENAPI)) {
      if (in == null) {
        throw new IllegalStateException(OPENAPI + " is missing from the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
