package network.tachi.evm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * secp256k1 by libsecp256k1, called through the foreign function interface.
 *
 * <p>The library is the one inside the jar {@code fr.acinq.secp256k1:secp256k1-kmp-jni-jvm-linux},
 * pinned by hash, for Linux on x86_64 and aarch64. Every call works in its own scratch memory,
 * which is cleared before it is given back.
 */
public final class NativeSecp256k1 implements Secp256k1 {
  private static final NativeSecp256k1 INSTANCE = new NativeSecp256k1();

  private NativeSecp256k1() {}

  /**
   * Loads the library for this platform, once for the process.
   *
   * @throws NativeLibraryException if there is none or it cannot be loaded
   */
  public static NativeSecp256k1 load() {
    try {
      LibSecp256k1.initialize();
    } catch (ExceptionInInitializerError e) {
      Throwable cause = e.getCause();
      throw new NativeLibraryException(
          cause == null
              ? "the native library could not be loaded"
              : String.valueOf(cause.getMessage()),
          e);
    } catch (LinkageError e) {
      throw new NativeLibraryException("the native library could not be loaded", e);
    }
    return INSTANCE;
  }

  @Override
  public PublicKey publicKey(PrivateKey key) {
    try (Scratch scratch = new Scratch()) {
      scratch.put(Scratch.SECRET, key.secret());
      require(LibSecp256k1.pubkeyCreate(scratch.opaqueKey, scratch.secret), "ec_pubkey_create");
      return scratch.serializeKey();
    }
  }

  @Override
  public Signature sign(Hash digest, PrivateKey key) {
    try (Scratch scratch = new Scratch()) {
      scratch.put(Scratch.DIGEST, digest.toBytes());
      scratch.put(Scratch.SECRET, key.secret());
      require(
          LibSecp256k1.signRecoverable(scratch.opaqueSignature, scratch.digest, scratch.secret),
          "ecdsa_sign_recoverable");
      require(
          LibSecp256k1.serializeCompact(scratch.compact, scratch.number, scratch.opaqueSignature),
          "ecdsa_recoverable_signature_serialize_compact");
      byte[] compact = scratch.get(Scratch.COMPACT, Signature.COMPACT_SIZE);
      int recoveryId = scratch.number.get(JAVA_INT, 0);
      return new Signature(Hash.read(compact, 0), Hash.read(compact, 32), recoveryId);
    }
  }

  @Override
  public boolean verify(Hash digest, Signature signature, PublicKey key) {
    return recover(digest, signature).filter(key::equals).isPresent();
  }

  @Override
  public Optional<PublicKey> recover(Hash digest, Signature signature) {
    try (Scratch scratch = new Scratch()) {
      scratch.put(Scratch.DIGEST, digest.toBytes());
      scratch.put(Scratch.COMPACT, signature.r().toBytes());
      scratch.put(Scratch.COMPACT + Hash.SIZE, signature.s().toBytes());
      boolean found =
          LibSecp256k1.parseCompact(scratch.opaqueSignature, scratch.compact, signature.yParity())
              && LibSecp256k1.recover(scratch.opaqueKey, scratch.opaqueSignature, scratch.digest);
      return found ? Optional.of(scratch.serializeKey()) : Optional.empty();
    }
  }

  /** The implementation's name. */
  @Override
  public String toString() {
    return "secp256k1 by libsecp256k1";
  }

  private static void require(boolean done, String function) {
    if (!done) {
      throw new NativeLibraryException(function + " failed");
    }
  }

  /** The native memory of one call. */
  private static final class Scratch implements AutoCloseable {
    static final long DIGEST = 0;
    static final long SECRET = 32;
    static final long COMPACT = 64;
    static final long OPAQUE_SIGNATURE = 128;
    static final long OPAQUE_KEY = 200;
    static final long SERIALIZED_KEY = 264;
    static final long NUMBER = 336;
    static final long SIZE = 344;
    static final int SERIALIZED_KEY_SIZE = 65;

    final Arena arena = Arena.ofConfined();
    final MemorySegment memory = arena.allocate(SIZE, 8);
    final MemorySegment digest = memory.asSlice(DIGEST);
    final MemorySegment secret = memory.asSlice(SECRET);
    final MemorySegment compact = memory.asSlice(COMPACT);
    final MemorySegment opaqueSignature = memory.asSlice(OPAQUE_SIGNATURE);
    final MemorySegment opaqueKey = memory.asSlice(OPAQUE_KEY);
    final MemorySegment number = memory.asSlice(NUMBER);

    void put(long offset, byte[] bytes) {
      MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, offset, bytes.length);
    }

    byte[] get(long offset, int length) {
      byte[] bytes = new byte[length];
      MemorySegment.copy(memory, JAVA_BYTE, offset, bytes, 0, length);
      return bytes;
    }

    PublicKey serializeKey() {
      number.set(JAVA_LONG, 0, SERIALIZED_KEY_SIZE);
      require(
          LibSecp256k1.pubkeySerialize(memory.asSlice(SERIALIZED_KEY), number, opaqueKey),
          "ec_pubkey_serialize");
      return PublicKey.trusted(get(SERIALIZED_KEY, SERIALIZED_KEY_SIZE), 1);
    }

    @Override
    public void close() {
      memory.fill((byte) 0);
      arena.close();
    }
  }
}
