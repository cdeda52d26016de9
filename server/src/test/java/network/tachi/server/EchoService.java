package network.tachi.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int64Value;
import com.google.rpc.ErrorInfo;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A service whose behaviour each test sets; of all four call types. */
final class EchoService implements BindableService {
  static final MethodDescriptor<ErrorInfo, ErrorInfo> UNARY =
      method("Unary", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<BytesValue, BytesValue> BYTES =
      MethodDescriptor.<BytesValue, BytesValue>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Echo/Bytes")
          .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .build();
  static final MethodDescriptor<Int64Value, BytesValue> DOWN =
      MethodDescriptor.<Int64Value, BytesValue>newBuilder()
          .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
          .setFullMethodName("test.Echo/Down")
          .setRequestMarshaller(ProtoUtils.marshaller(Int64Value.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .build();
  static final MethodDescriptor<BytesValue, Int64Value> UP =
      MethodDescriptor.<BytesValue, Int64Value>newBuilder()
          .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
          .setFullMethodName("test.Echo/Up")
          .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(Int64Value.getDefaultInstance()))
          .build();

  /** What the unary method does; default echo. */
  final AtomicReference<BiConsumer<ErrorInfo, StreamObserver<ErrorInfo>>> unary =
      new AtomicReference<>((request, out) -> {
        out.onNext(request);
        out.onCompleted();
      });

  /** What the server-streaming method does; default: {@code n} messages of 1,000 bytes. */
  final AtomicReference<BiConsumer<Int64Value, StreamObserver<BytesValue>>> down =
      new AtomicReference<>((request, out) -> {
        BytesValue message = BytesValue.of(ByteString.copyFrom(new byte[1000]));
        for (long i = 0; i < request.getValue(); i++) {
          out.onNext(message);
        }
        out.onCompleted();
      });

  /** What the client-streaming method does; default: answers the number of bytes. */
  final AtomicReference<Function<StreamObserver<Int64Value>, StreamObserver<BytesValue>>> up =
      new AtomicReference<>(Counter::new);

  private static MethodDescriptor<ErrorInfo, ErrorInfo> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<ErrorInfo, ErrorInfo>newBuilder()
        .setType(type)
        .setFullMethodName("test.Echo/" + name)
        .setRequestMarshaller(ProtoUtils.marshaller(ErrorInfo.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(ErrorInfo.getDefaultInstance()))
        .build();
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("test.Echo")
        .addMethod(
            UNARY, ServerCalls.asyncUnaryCall((request, out) -> unary.get().accept(request, out)))
        .addMethod(
            BYTES,
            ServerCalls.asyncUnaryCall((request, out) -> {
              out.onNext(request);
              out.onCompleted();
            }))
        .addMethod(
            DOWN,
            ServerCalls.asyncServerStreamingCall((request, out) -> down.get().accept(request, out)))
        .addMethod(UP, ServerCalls.asyncClientStreamingCall(out -> up.get().apply(out)))
        .build();
  }

  /** Counts bytes. */
  static class Counter implements StreamObserver<BytesValue> {
    private final StreamObserver<Int64Value> out;
    private long bytes;

    Counter(StreamObserver<Int64Value> out) {
      this.out = out;
    }

    @Override
    public void onNext(BytesValue value) {
      bytes += value.getValue().size();
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {
      out.onNext(Int64Value.of(bytes));
      out.onCompleted();
    }
  }
}
