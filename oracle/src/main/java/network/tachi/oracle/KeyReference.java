package network.tachi.oracle;

import java.util.Map;
import network.tachi.chainconfig.Secret;
import network.tachi.evm.InvalidKeyException;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.KeystoreException;
import network.tachi.evm.KeystoreV3;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;

/**
 * Loads keys from where the configuration says they are; the configuration itself never holds one.
 */
public final class KeyReference {
  private KeyReference() {}

  /**
   * Loads a key.
   *
   * @param reference {@code env:NAME} or {@code file:PATH}: a key in hex, or a V3 keystore
   * @param passwordReference where a keystore's password is, in the same form; empty if there is no
   *     keystore
   * @param setting the name of the setting, for errors
   * @throws network.tachi.chainconfig.ConfigException if nothing is there
   * @throws OracleStartException if it is no key; what was found is never part of the message
   */
  public static Signer load(
      String reference, String passwordReference, String setting, Map<String, String> environment) {
    String secret = Secret.read(reference, setting, environment);
    try {
      if (!secret.startsWith("{")) {
        return Signer.of(PrivateKey.parse(secret));
      }
      String password = Secret.read(passwordReference, setting + "-password", environment);
      return Signer.of(KeystoreV3.read(secret, password.toCharArray()));
    } catch (InvalidValueException | InvalidKeyException e) {
      throw new OracleStartException(setting + " is not a private key in hex");
    } catch (KeystoreException e) {
      throw new OracleStartException(setting + ": " + e.getMessage());
    }
  }
}
