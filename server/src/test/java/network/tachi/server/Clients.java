package network.tachi.server;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The clients that tests use: grpc-netty and the JDK's HTTP client, over real sockets. */
final class Clients implements AutoCloseable {
  final ManagedChannel channel;
  final HttpClient http = client(HttpClient.Version.HTTP_1_1);
  final HttpClient http2 = client(HttpClient.Version.HTTP_2);
  private final TachiServer server;

  Clients(TachiServer server) {
    this.server = server;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port())
            .usePlaintext()
            .disableRetry()
            .maxInboundMessageSize(64 << 20)
            .build();
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().version(version).connectTimeout(Duration.ofSeconds(5)).build();
  }

  /** A call with a deadline far above what any test needs. */
  <Q, A> A call(io.grpc.MethodDescriptor<Q, A> method, Q request) {
    return ClientCalls.blockingUnaryCall(
        channel, method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), request);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return http.send(
        request(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(20));
  }

  @Override
  public void close() {
    channel.shutdownNow();
    http.shutdownNow();
    http2.shutdownNow();
  }
}
