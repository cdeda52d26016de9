package network.tachi.evm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The functions of libsecp256k1 that are used, bound once for the process, with one randomised
 * context that is only read afterwards. All pointers must be valid: on a wrong argument the library
 * ends the process.
 */
final class LibSecp256k1 {
  private static final int CONTEXT_NONE = 1;
  private static final int UNCOMPRESSED = 2;

  private static final SymbolLookup LIBRARY = open();
  private static final MethodHandle PUBKEY_CREATE =
      bind("secp256k1_ec_pubkey_create", ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle PUBKEY_SERIALIZE =
      bind("secp256k1_ec_pubkey_serialize", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle SIGN_RECOVERABLE =
      bind(
          "secp256k1_ecdsa_sign_recoverable", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle SERIALIZE_COMPACT =
      bind(
          "secp256k1_ecdsa_recoverable_signature_serialize_compact",
          ADDRESS,
          ADDRESS,
          ADDRESS,
          ADDRESS);
  private static final MethodHandle PARSE_COMPACT =
      bind(
          "secp256k1_ecdsa_recoverable_signature_parse_compact",
          ADDRESS,
          ADDRESS,
          ADDRESS,
          JAVA_INT);
  private static final MethodHandle RECOVER =
      bind("secp256k1_ecdsa_recover", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MemorySegment CONTEXT = createContext();

  private LibSecp256k1() {}

  /** Makes sure that the library is loaded; the class's initialiser throws if it cannot be. */
  static void initialize() {
    MemorySegment context = CONTEXT;
    assert context.address() != 0;
  }

  /** Computes the opaque public key of a secret; false if the secret is no valid scalar. */
  static boolean pubkeyCreate(MemorySegment key, MemorySegment secret) {
    try {
      return (int) PUBKEY_CREATE.invokeExact(CONTEXT, key, secret) == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Writes an opaque public key as 65 bytes; {@code length} holds 65. */
  static boolean pubkeySerialize(MemorySegment out, MemorySegment length, MemorySegment key) {
    try {
      return (int) PUBKEY_SERIALIZE.invokeExact(CONTEXT, out, length, key, UNCOMPRESSED) == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Signs a digest into an opaque recoverable signature, with the nonce of RFC 6979. */
  static boolean signRecoverable(
      MemorySegment signature, MemorySegment digest, MemorySegment secret) {
    try {
      MemorySegment none = MemorySegment.NULL;
      return (int) SIGN_RECOVERABLE.invokeExact(CONTEXT, signature, digest, secret, none, none)
          == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Writes an opaque recoverable signature as 64 bytes r, s and an int, the recovery id. */
  static boolean serializeCompact(
      MemorySegment out, MemorySegment recoveryId, MemorySegment signature) {
    try {
      return (int) SERIALIZE_COMPACT.invokeExact(CONTEXT, out, recoveryId, signature) == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Reads 64 bytes r, s with a recovery id of 0 or 1 into an opaque recoverable signature. */
  static boolean parseCompact(MemorySegment signature, MemorySegment compact, int recoveryId) {
    try {
      return (int) PARSE_COMPACT.invokeExact(CONTEXT, signature, compact, recoveryId) == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** Recovers the opaque public key of a signature over a digest; false if there is none. */
  static boolean recover(MemorySegment key, MemorySegment signature, MemorySegment digest) {
    try {
      return (int) RECOVER.invokeExact(CONTEXT, key, signature, digest) == 1;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup open() {
    Path library = NativeLibrary.extract();
    try {
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new NativeLibraryException("cannot load " + library, e);
    } finally {
      NativeLibrary.delete(library);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(String function, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(find(function), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MemorySegment find(String function) {
    return LIBRARY
        .find(function)
        .orElseThrow(() -> new NativeLibraryException("the native library has no " + function));
  }

  @SuppressWarnings("restricted")
  private static MemorySegment createContext() {
    MethodHandle create =
        Linker.nativeLinker()
            .downcallHandle(
                find("secp256k1_context_create"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
    MethodHandle randomize = bind("secp256k1_context_randomize", ADDRESS, ADDRESS);
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment context = (MemorySegment) create.invokeExact(CONTEXT_NONE);
      MemorySegment seed = arena.allocateFrom(JAVA_BYTE, random);
      boolean done = (int) randomize.invokeExact(context, seed) == 1;
      seed.fill((byte) 0);
      if (!done) {
        throw new NativeLibraryException("context_randomize failed");
      }
      return context;
    } catch (Throwable t) {
      throw unexpected(t);
    } finally {
      Arrays.fill(random, (byte) 0);
    }
  }

  private static RuntimeException unexpected(Throwable t) {
    return switch (t) {
      case Error error -> throw error;
      case RuntimeException e -> e;
      default -> new NativeLibraryException("a call of the native library failed", t);
    };
  }
}
