package network.tachi.server;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The writing half of one gRPC call. Each write blocks until the client has room for it. */
final class GrpcCall<Q, A> extends ServerCall<Q, A> {
  private final GrpcExchange exchange;
  private final GrpcWriter writer;
  private final MethodDescriptor<Q, A> method;
  private final Attributes attributes;

  GrpcCall(
      GrpcExchange exchange,
      GrpcWriter writer,
      MethodDescriptor<Q, A> method,
      Attributes attributes) {
    this.exchange = exchange;
    this.writer = writer;
    this.method = method;
    this.attributes = attributes;
  }

  @Override
  public void request(int count) {
    exchange.inbound().request(count);
  }

  @Override
  public void sendHeaders(Metadata headers) {
    if (!exchange.isOver()) {
      writer.headers(headers);
    }
  }

  @Override
  public void sendMessage(A message) {
    if (exchange.isOver()) {
      return;
    }
    byte[] bytes;
    try (InputStream in = method.streamResponse(message)) {
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "can't serialise an answer of " + method.getFullMethodName(), e);
    }
    switch (writer.message(bytes, exchange::isOver)) {
      case WRITTEN, OVER -> {}
      case LOST, STALLED -> exchange.cancel();
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    exchange.close(status, trailers);
  }

  @Override
  public boolean isCancelled() {
    return exchange.isOver();
  }

  @Override
  public MethodDescriptor<Q, A> getMethodDescriptor() {
    return method;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }
}
