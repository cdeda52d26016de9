package network.tachi.server;

import io.grpc.Context;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.InternalServer;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2StreamWriter;
import io.helidon.http.http2.StreamFlowControl;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import io.helidon.webserver.http2.spi.SubProtocolResult;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * gRPC as a sub-protocol of Helidon's HTTP/2: takes each POST with content type {@code
 * application/grpc} and leaves the rest to HTTP routing. Used instead of {@code
 * helidon-webserver-grpc}; docs/adr/0005 says why.
 */
final class GrpcProtocol implements Http2SubProtocolSelector {
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> ACCEPT_ENCODING =
      Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final ServiceCatalog services;
  private final ServerLimits limits;
  private final CallMetrics metrics;
  private final ScheduledExecutorService timer;

  GrpcProtocol(
      ServiceCatalog services,
      ServerLimits limits,
      CallMetrics metrics,
      ScheduledExecutorService timer) {
    this.services = services;
    this.limits = limits;
    this.metrics = metrics;
    this.timer = timer;
  }

  @Override
  public SubProtocolResult subProtocol(
      ConnectionContext ctx,
      HttpPrologue prologue,
      Http2Headers headers,
      Http2StreamWriter streamWriter,
      int streamId,
      Http2Settings serverSettings,
      Http2Settings clientSettings,
      StreamFlowControl streamFlowControl,
      Http2StreamState currentStreamState,
      Router router) {
    if (!Method.POST.equals(prologue.method()) || !isGrpc(headers)) {
      return NOT_SUPPORTED;
    }
    if (!(ctx instanceof ClientConnection client)) {
      throw new IllegalStateException("a connection that Connections did not open");
    }
    GrpcConnection connection = client.grpc();
    GrpcWriter writer =
        new GrpcWriter(
            streamWriter,
            streamId,
            streamFlowControl.outbound(),
            connection.windowLock(),
            limits.writeTimeout(),
            clientSettings);
    return new SubProtocolResult(true, handler(connection, prologue, headers, writer));
  }

  private GrpcStream handler(
      GrpcConnection connection, HttpPrologue prologue, Http2Headers headers, GrpcWriter writer) {
    String requestId =
        RequestIds.acceptOrCreate(
            headers.httpHeaders().first(HeaderNames.create(RequestIds.HEADER)).orElse(null));
    Context.CancellableContext context =
        Context.ROOT
            .withValues(
                CallInfo.KEY,
                new CallInfo(requestId, connection.client()),
                InternalServer.SERVER_CONTEXT_KEY,
                services)
            .withCancellation();
    Metadata metadata = new Metadata();
    Decompressor decompressor = null;
    ServerMethodDefinition<?, ?> method = null;
    ApiError refusal = null;
    try {
      metadata = GrpcHeaders.toMetadata(headers.httpHeaders());
      decompressor = decompressor(metadata.get(ENCODING));
      method = method(prologue.uriPath().rawPath());
    } catch (ApiException e) {
      refusal = e.error();
    }
    return new GrpcStream(
        new GrpcExchange(method, connection, this, context, writer),
        new MessageDeframer(limits.maxMessageBytes(), decompressor),
        connection,
        this,
        metadata,
        refusal);
  }

  private ServerMethodDefinition<?, ?> method(String path) {
    ServerMethodDefinition<?, ?> method = services.method(path.substring(1));
    if (method == null) {
      throw ApiException.of(ErrorCode.UNKNOWN_METHOD, "no method " + path + " here");
    }
    return method;
  }

  private static @Nullable Decompressor decompressor(@Nullable String encoding) {
    if (encoding == null || encoding.equals("identity")) {
      return null;
    }
    Decompressor codec = DecompressorRegistry.getDefaultInstance().lookupDecompressor(encoding);
    if (codec == null) {
      throw ApiException.of(
          ApiError.ofField(
              ErrorCode.UNSUPPORTED_ENCODING, "grpc-encoding", "gzip or identity", encoding));
    }
    return codec;
  }

  private static boolean isGrpc(Http2Headers headers) {
    String type =
        headers.httpHeaders().first(HeaderNames.CONTENT_TYPE).orElse("").toLowerCase(Locale.ROOT);
    return type.equals("application/grpc")
        || type.startsWith("application/grpc;")
        || type.startsWith("application/grpc+proto");
  }

  ServerLimits limits() {
    return limits;
  }

  CallMetrics metrics() {
    return metrics;
  }

  /**
   * A client that got its answer before it had sent everything should end its stream; if it does
   * not, the stream would hold a thread for ever, so then the connection is cut.
   */
  void cutUnlessEnded(GrpcStream stream, GrpcConnection connection) {
    var _ =
        timer.schedule(
            () -> {
              if (stream.streamState() != Http2StreamState.CLOSED) {
                Thread.startVirtualThread(connection::cut);
              }
            },
            limits.bodyTimeout().toMillis(),
            TimeUnit.MILLISECONDS);
  }
}
