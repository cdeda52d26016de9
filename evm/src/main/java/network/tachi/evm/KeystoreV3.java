package network.tachi.evm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Key files of the Web3 Secret Storage, version 3: AES-128-CTR under a key from a password, by
 * scrypt or PBKDF2.
 */
public final class KeystoreV3 {
  private static final int AES_KEY_SIZE = 16;
  private static final int IV_SIZE = 16;
  private static final int SALT_SIZE = 32;
  private static final int MAX_SALT_SIZE = 256;

  private KeystoreV3() {}

  /**
   * Reads a key file.
   *
   * @throws KeystoreException if it can't be read or the password is wrong
   */
  public static PrivateKey read(Path file, char[] password) {
    try {
      return read(Files.readString(file), password);
    } catch (IOException e) {
      throw new KeystoreException("cannot read " + file, e);
    }
  }

  /**
   * Reads the text of a key file. The password is not changed.
   *
   * @throws KeystoreException if the text is malformed or the password is wrong
   */
  public static PrivateKey read(String json, char[] password) {
    KeystoreJson file = KeystoreJson.parse(json);
    file.require("version", "3");
    file.require("crypto.cipher", "aes-128-ctr");
    byte[] encrypted = file.hex("crypto.ciphertext", PrivateKey.SIZE, PrivateKey.SIZE);
    byte[] iv = file.hex("crypto.cipherparams.iv", IV_SIZE, IV_SIZE);
    byte[] mac = file.hex("crypto.mac", Hash.SIZE, Hash.SIZE);
    byte[] salt = file.hex("crypto.kdfparams.salt", 0, MAX_SALT_SIZE);
    byte[] derived = derive(kdf(file), password, salt);
    try {
      if (!MessageDigest.isEqual(mac, mac(derived, encrypted))) {
        throw new KeystoreException("wrong password, or a damaged file");
      }
      return checkAddress(file, decrypt(derived, iv, encrypted));
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /**
   * Writes the text of a key file, with fresh salt, initialisation vector and id. The password is
   * not changed.
   */
  public static String write(
      PrivateKey key, char[] password, KeystoreKdf kdf, SecureRandom random) {
    byte[] salt = bytes(random, SALT_SIZE);
    byte[] iv = bytes(random, IV_SIZE);
    byte[] derived = derive(kdf, password, salt);
    try {
      byte[] encrypted = crypt(Cipher.ENCRYPT_MODE, derived, iv, key.secret());
      String address = Secp256k1.best().address(key).toLowerCaseString().substring(2);
      ByteBuffer id = ByteBuffer.wrap(bytes(random, 16));
      return """
      {"version":3,"id":"%s","address":"%s","crypto":{"cipher":"aes-128-ctr",\
      "cipherparams":{"iv":"%s"},"ciphertext":"%s","kdf":%s,"mac":"%s"}}
      """
          .formatted(
              uuid(id.getLong(), id.getLong()),
              address,
              Hex.encodeUnprefixed(iv),
              Hex.encodeUnprefixed(encrypted),
              kdfJson(kdf, salt),
              Hex.encodeUnprefixed(mac(derived, encrypted)));
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  private static KeystoreKdf kdf(KeystoreJson file) {
    if (file.number("crypto.kdfparams.dklen") != KeystoreKdf.KEY_SIZE) {
      throw new KeystoreException("expected dklen 32");
    }
    return switch (file.text("crypto.kdf").toLowerCase(Locale.ROOT)) {
      case "scrypt" ->
          new KeystoreKdf.Scrypt(
              file.number("crypto.kdfparams.n"),
              file.number("crypto.kdfparams.r"),
              file.number("crypto.kdfparams.p"));
      case "pbkdf2" -> {
        file.require("crypto.kdfparams.prf", "hmac-sha256");
        yield new KeystoreKdf.Pbkdf2(file.number("crypto.kdfparams.c"));
      }
      default -> throw new KeystoreException("expected kdf scrypt or pbkdf2");
    };
  }

  private static String kdfJson(KeystoreKdf kdf, byte[] salt) {
    String tail =
        ",\"dklen\":" + KeystoreKdf.KEY_SIZE + ",\"salt\":\"" + Hex.encodeUnprefixed(salt) + "\"}";
    return switch (kdf) {
      case KeystoreKdf.Scrypt(int n, int r, int p) ->
          "\"scrypt\",\"kdfparams\":{\"n\":" + n + ",\"r\":" + r + ",\"p\":" + p + tail;
      case KeystoreKdf.Pbkdf2(int c) ->
          "\"pbkdf2\",\"kdfparams\":{\"prf\":\"hmac-sha256\",\"c\":" + c + tail;
    };
  }

  private static PrivateKey checkAddress(KeystoreJson file, PrivateKey key) {
    String expected = file.optional("address");
    if (expected != null) {
      String found = Secp256k1.best().address(key).toLowerCaseString();
      String plain = expected.toLowerCase(Locale.ROOT);
      if (!found.equals(plain.startsWith("0x") ? plain : "0x" + plain)) {
        key.destroy();
        throw new KeystoreException("the file's address is not that of its key");
      }
    }
    return key;
  }

  private static byte[] derive(KeystoreKdf kdf, char[] password, byte[] salt) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    try {
      return kdf.derive(bytes, salt);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      encoded.clear().put(new byte[encoded.capacity()]);
    }
  }

  private static byte[] mac(byte[] derived, byte[] encrypted) {
    return Keccak.hash(Arrays.copyOfRange(derived, AES_KEY_SIZE, 2 * AES_KEY_SIZE), encrypted)
        .toBytes();
  }

  private static PrivateKey decrypt(byte[] derived, byte[] iv, byte[] encrypted) {
    byte[] secret = crypt(Cipher.DECRYPT_MODE, derived, iv, encrypted);
    try {
      return PrivateKey.of(secret);
    } catch (InvalidKeyException _) {
      throw new KeystoreException("the file holds no valid key");
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static byte[] crypt(int mode, byte[] derived, byte[] iv, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          mode, new SecretKeySpec(derived, 0, AES_KEY_SIZE, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new KeystoreException("this Java has no AES-128-CTR", e);
    }
  }

  private static byte[] bytes(SecureRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A random UUID (version 4) of 128 random bits. */
  private static UUID uuid(long high, long low) {
    return new UUID((high & ~0xf000L) | 0x4000L, (low >>> 2) | Long.MIN_VALUE);
  }
}
