package network.tachi.evm.rpc;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Gathers the bytes of an answer, and gives up on one that is too long. */
final class LimitedBody implements BodySubscriber<byte[]> {
  private static final int FIRST_SIZE = 8 << 10;
  private static final int MAX_FIRST_SIZE = 1 << 20;

  private final int limit;
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private byte[] bytes;
  private int size;
  private Flow.@Nullable Subscription subscription;

  /** Creates a subscriber; the expected size is a hint only. */
  LimitedBody(int limit, long expected) {
    this.limit = limit;
    this.bytes =
        new byte
            [Math.clamp(
                expected, FIRST_SIZE, Math.max(FIRST_SIZE, Math.min(limit, MAX_FIRST_SIZE)))];
  }

  /** The answer is longer than the limit. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLongException(int limit) {
      super("longer than " + limit + " bytes");
    }
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      int more = buffer.remaining();
      if (result.isDone()) {
        return;
      }
      if (more > limit - size) {
        result.completeExceptionally(new TooLongException(limit));
        if (subscription != null) {
          subscription.cancel();
        }
        return;
      }
      if (more > bytes.length - size) {
        bytes =
            Arrays.copyOf(
                bytes, (int) Math.min(limit, Math.max(2L * bytes.length, (long) size + more)));
      }
      buffer.get(bytes, size, more);
      size += more;
    }
  }

  @Override
  public void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    result.complete(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
  }
}
