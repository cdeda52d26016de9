package network.tachi.evm;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a key file can't be read, or its password is wrong. Never says anything of key or
 * password.
 */
public final class KeystoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KeystoreException(String message) {
    super("keystore: " + message);
  }

  KeystoreException(String message, @Nullable Throwable cause) {
    super("keystore: " + message, cause);
  }
}
