package network.tachi.app;

import java.nio.file.Path;
import network.tachi.chainconfig.Secret;
import network.tachi.evm.KeystoreV3;
import network.tachi.evm.Signer;
import org.jspecify.annotations.Nullable;

/** The key that a command sends with, from {@code --key} or {@code --keystore}. */
final class AdminKey {
  private AdminKey() {}

  /**
   * Reads the key.
   *
   * @throws UserError if none or two are given, or what is there is no key
   */
  static Signer of(@Nullable String key, @Nullable Path keystore, @Nullable String password) {
    if (keystore != null && key == null) {
      if (password == null) {
        throw new UserError("--keystore needs --password env:NAME or --password file:PATH");
      }
      String secret = Secret.read(password, "--password", System.getenv());
      return Signer.of(KeystoreV3.read(keystore, secret.toCharArray()));
    }
    if (key == null || keystore != null) {
      throw new UserError(
          "who sends? Give either --key env:NAME (or file:PATH) or --keystore FILE");
    }
    return Keys.read("--key", key);
  }
}
