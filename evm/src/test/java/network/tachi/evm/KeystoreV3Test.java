package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeystoreV3Test {
  private static final String SECRET =
      "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

  /** The PBKDF2 vector of the Web3 Secret Storage definition. */
  private static final String PBKDF2 =
      """
      {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
       "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
       "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
       "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
       "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
      """;

  private static final String SCRYPT =
      """
      {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
       "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
       "kdfparams":{"dklen":32,"n":262144,"p":8,"r":8,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
       "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
       "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
      """;

  @Test
  void standardVector_shouldBeRead() {
    assertThat(Hex.encode(KeystoreV3.read(PBKDF2, password("testpassword")).toBytes()))
        .isEqualTo(SECRET);
  }

  @Test
  void filesOfOpenSsl_shouldBeRead() {
    for (Vector vector : Vector.load("keystores")) {
      PrivateKey key = KeystoreV3.read(vector.text("json"), password(vector.text("password")));
      assertThat(Hex.encode(key.toBytes())).isEqualTo(vector.text("secret"));
    }
  }

  @Test
  void membersInOldSpelling_shouldBeRead() {
    assertThat(
            KeystoreV3.read(PBKDF2.replace("\"crypto\"", "\"Crypto\""), password("testpassword"))
                .toBytes())
        .isEqualTo(Hex.decode(SECRET));
  }

  @Test
  void writtenFile_shouldBeReadWithItsPasswordOnly(@TempDir Path directory) throws IOException {
    PrivateKey key = PrivateKey.parse(SECRET);
    for (KeystoreKdf kdf : new KeystoreKdf[] {KeystoreKdf.light(), new KeystoreKdf.Pbkdf2(1000)}) {
      String json = KeystoreV3.write(key, password("pässword 😀"), kdf, new SecureRandom());
      assertThat(json)
          .contains(
              "\"address\":\"" + Secp256k1.best().address(key).toLowerCaseString().substring(2))
          .containsPattern(
              "\"id\":\"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"")
          .doesNotContain(SECRET.substring(2));
      Path file = Files.writeString(directory.resolve("key.json"), json);
      assertThat(KeystoreV3.read(file, password("pässword 😀")).toBytes()).isEqualTo(key.toBytes());
      assertThatThrownBy(() -> KeystoreV3.read(file, password("pässword")))
          .isInstanceOf(KeystoreException.class)
          .hasMessage("keystore: wrong password, or a damaged file");
      assertThatThrownBy(() ->
              KeystoreV3.read(
                  json.replace("\"address\":\"", "\"address\":\"0xff"), password("pässword 😀")))
          .hasMessageContaining("address is not that of its key");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\":3|\"version\":1|expected version 3",
        "aes-128-ctr|aes-256-gcm|expected crypto.cipher",
        "\"kdf\":\"scrypt\"|\"kdf\":\"argon2\"|expected kdf",
        "\"n\":262144|\"n\":262143|out of bounds",
        "\"n\":262144|\"n\":536870912|out of bounds",
        "\"n\":262144|\"n\":99999999999|no number within bounds",
        "\"p\":8|\"p\":1000|out of bounds",
        "\"r\":8|\"r\":-1|no number within bounds",
        "\"r\":8|\"r\":1|needs n below 65536",
        "\"dklen\":32|\"dklen\":64|expected dklen 32",
        "83dbcc02|zz|crypto.cipherparams.iv is no hex",
        "83dbcc02||crypto.cipherparams.iv has 12 bytes",
        "\"mac\"|\"cam\"|crypto.mac is missing"
      })
  void malformedFile_shouldBeRefusedWithTheReason(String part, String replacement, String reason) {
    String json = SCRYPT.replace(part, replacement == null ? "" : replacement);
    assertThat(json).isNotEqualTo(SCRYPT);
    assertThatThrownBy(() -> KeystoreV3.read(json, password("testpassword")))
        .isInstanceOf(KeystoreException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "null", "{\"version\":3}", "not json"})
  void noKeyFile_shouldBeRefused(String json) {
    assertThatThrownBy(() -> KeystoreV3.read(json, password("x")))
        .isInstanceOf(KeystoreException.class);
  }

  @Test
  void missingFile_shouldBeRefused(@TempDir Path directory) {
    assertThatThrownBy(() -> KeystoreV3.read(directory.resolve("none"), password("x")))
        .isInstanceOf(KeystoreException.class)
        .hasMessageContaining("cannot read");
  }

  private static char[] password(String text) {
    return text.toCharArray();
  }
}
