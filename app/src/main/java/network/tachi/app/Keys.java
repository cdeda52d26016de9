package network.tachi.app;

import java.util.Arrays;
import java.util.List;
import network.tachi.chainconfig.Secret;
import network.tachi.evm.InvalidKeyException;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;

/** Private keys from where they are kept. */
final class Keys {
  private Keys() {}

  /**
   * Reads a key.
   *
   * @param option for the message
   * @param reference {@code env:NAME} or {@code file:PATH}
   * @throws UserError if what is there is no key; it is not repeated
   * @throws network.tachi.chainconfig.ConfigException if nothing is there
   */
  static Signer read(String option, String reference) {
    String secret = Secret.read(reference, option, System.getenv());
    try {
      return Signer.of(PrivateKey.parse(secret));
    } catch (InvalidKeyException e) {
      throw new UserError(
          option + ": what " + reference + " holds is no private key (0x and 64 hex digits)", e);
    }
  }

  /** Several keys, comma separated. */
  static List<Signer> readAll(String option, String references) {
    return Arrays.stream(references.split(",", -1)).map(each -> read(option, each)).toList();
  }
}
