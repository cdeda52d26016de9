package network.tachi.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import network.tachi.evm.InvalidValueException;

/**
 * Makes what PostgreSQL stores of a password (RFC 5802, RFC 7677), so that the password itself is
 * never sent to the server, where it could end up in a log.
 */
final class ScramVerifier {
  private static final String MAC = "HmacSHA256";
  private static final int ITERATIONS = 4096;
  private static final int BITS = 256;
  private static final int SALT = 16;

  private ScramVerifier() {}

  /**
   * The text that {@code ALTER ROLE ... PASSWORD} takes instead of the password.
   *
   * @throws InvalidValueException if the password has characters other than printable ASCII, which
   *     would have to be normalised first
   */
  static String of(String password) {
    if (password.isEmpty() || !password.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw new InvalidValueException(
          "database password", "printable ASCII characters", "others, or none");
    }
    byte[] salt = new byte[SALT];
    new SecureRandom().nextBytes(salt);
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2With" + MAC)
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, BITS))
              .getEncoded();
      byte[] stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
      Base64.Encoder base64 = Base64.getEncoder();
      return "SCRAM-SHA-256$"
          + ITERATIONS
          + ":"
          + base64.encodeToString(salt)
          + "$"
          + base64.encodeToString(stored)
          + ":"
          + base64.encodeToString(hmac(salted, "Server Key"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(MAC);
    mac.init(new SecretKeySpec(key, MAC));
    return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
  }
}
