package network.tachi.evm;

import org.jspecify.annotations.Nullable;

/** Thrown when a native library is missing for this platform, is not the pinned one, or fails. */
public final class NativeLibraryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NativeLibraryException(String message) {
    super(message);
  }

  NativeLibraryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
