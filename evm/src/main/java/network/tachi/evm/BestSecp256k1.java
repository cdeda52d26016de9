package network.tachi.evm;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Holds the implementation chosen for this process. */
final class BestSecp256k1 {
  private static final Logger LOGGER = System.getLogger(BestSecp256k1.class.getName());

  static final Secp256k1 INSTANCE = choose();

  private BestSecp256k1() {}

  private static Secp256k1 choose() {
    try {
      return NativeSecp256k1.load();
    } catch (NativeLibraryException e) {
      LOGGER.log(
          Level.WARNING,
          "native secp256k1 is not available, using BouncyCastle: {0}",
          e.getMessage());
      return new BouncyCastleSecp256k1();
    }
  }
}
