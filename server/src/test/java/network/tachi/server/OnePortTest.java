package network.tachi.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.helidon.http.Method;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class OnePortTest {
  @Test
  void onePort_shouldServeHttp1Http2AndGrpc() throws Exception {
    try (TachiServer server =
            TachiServer.builder("test")
                .grpc(new EchoService())
                .rest(Method.GET, "/v1/echo/{reason}", EchoService.UNARY)
                .http(rules -> rules.get("/hello", (req, res) -> res.send("hello")))
                .start();
        Clients clients = new Clients(server)) {
      HttpResponse<String> http1 = clients.get("/hello");
      HttpResponse<String> http2 =
          clients.http2.send(
              clients.request("/hello").build(), HttpResponse.BodyHandlers.ofString());
      ErrorInfo grpc =
          clients.call(EchoService.UNARY, ErrorInfo.newBuilder().setReason("r").build());
      HttpResponse<String> rest = clients.get("/v1/echo/r?domain=d");

      assertThat(http1.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(http1.body()).isEqualTo("hello");
      assertThat(http2.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(http2.body()).isEqualTo("hello");
      assertThat(grpc.getReason()).isEqualTo("r");
      assertThat(rest.body()).isEqualTo("{\"reason\":\"r\",\"domain\":\"d\",\"metadata\":{}}");
    }
  }
}
