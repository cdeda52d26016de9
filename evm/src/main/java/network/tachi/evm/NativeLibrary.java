package network.tachi.evm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Finds the libsecp256k1 for this platform on the class path, checks it against its pin, and puts
 * it into a file.
 */
final class NativeLibrary {
  private static final String RESOURCES = "/fr/acinq/secp256k1/jni/native/";
  private static final String FILE = "libsecp256k1-jni.so";
  private static final String SHA256_X86_64 =
      "25f0f0bfd3e4b202563f772963ea803f0f949e5593476d3cd4b755f800bf7704";
  private static final String SHA256_AARCH64 =
      "4e9c780ba134d130799c5f2d15ba90bf9fb477b34fc78d0f5b55fee90a734e37";

  private NativeLibrary() {}

  /**
   * Writes the library into a fresh directory that only this user can enter, and returns its path.
   * The caller deletes it once it is loaded.
   *
   * @throws NativeLibraryException if there is none for this platform, or it is not the pinned one
   */
  static Path extract() {
    String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    byte[] library = read(RESOURCES + platform + "/" + FILE);
    check(library, platform.endsWith("x86_64") ? SHA256_X86_64 : SHA256_AARCH64);
    try {
      Path directory =
          Files.createTempDirectory(
              "tachi-secp256k1-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return Files.write(directory.resolve(FILE), library);
    } catch (IOException e) {
      throw new NativeLibraryException("cannot write the native library to a temporary file", e);
    }
  }

  /** Removes the file and its directory; the loaded library stays mapped. */
  static void delete(Path library) {
    try {
      Files.deleteIfExists(library);
      Path directory = library.getParent();
      if (directory != null) {
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new NativeLibraryException("cannot delete the temporary file of the native library", e);
    }
  }

  static String platform(String osName, String osArch) {
    String arch =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          default -> throw unsupported(osName, osArch);
        };
    if (!osName.toLowerCase(Locale.ROOT).equals("linux")) {
      throw unsupported(osName, osArch);
    }
    return "linux-" + arch;
  }

  static void check(byte[] library, String sha256) {
    String found;
    try {
      found = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(library));
    } catch (NoSuchAlgorithmException e) {
      throw new NativeLibraryException("this Java has no SHA-256", e);
    }
    if (!found.equals(sha256)) {
      throw new NativeLibraryException(
          "the native library is not the pinned one: expected SHA-256 "
              + sha256
              + ", found "
              + found);
    }
  }

  private static byte[] read(String resource) {
    try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new NativeLibraryException("no native library on the class path at " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new NativeLibraryException("cannot read " + resource, e);
    }
  }

  private static NativeLibraryException unsupported(String osName, String osArch) {
    return new NativeLibraryException("no native library for " + osName + " on " + osArch);
  }
}
