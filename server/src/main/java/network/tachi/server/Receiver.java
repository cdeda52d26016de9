package network.tachi.server;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import java.io.ByteArrayInputStream;

/** A call's listener with its message type closed over. */
interface Receiver {
  /** A message has come. */
  void message(byte[] bytes);

  /** No more will come. */
  void halfClose();

  /** The call was cut short. */
  void cancel();

  /** The call has ended in order. */
  void complete();

  /** The receiver of {@code listener}. */
  static <Q> Receiver of(MethodDescriptor<Q, ?> method, ServerCall.Listener<Q> listener) {
    return new Typed<>(method, listener);
  }

  /** Parses with the method's marshaller. */
  record Typed<Q>(MethodDescriptor<Q, ?> method, ServerCall.Listener<Q> listener)
      implements Receiver {
    @Override
    public void message(byte[] bytes) {
      Q message;
      try {
        message = method.parseRequest(new ByteArrayInputStream(bytes));
      } catch (RuntimeException e) {
        throw ApiException.of(
            ErrorCode.MALFORMED_BODY,
            "the bytes are no message of the type that " + method.getFullMethodName() + " expects",
            e);
      }
      listener.onMessage(message);
    }

    @Override
    public void halfClose() {
      listener.onHalfClose();
    }

    @Override
    public void cancel() {
      listener.onCancel();
    }

    @Override
    public void complete() {
      listener.onComplete();
    }
  }
}
