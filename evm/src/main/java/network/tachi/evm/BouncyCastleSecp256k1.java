package network.tachi.evm;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * secp256k1 in pure Java by BouncyCastle's curve arithmetic. The recovery parity is read from the
 * nonce point while signing. It is not guarded against timing by an attacker on the same machine as
 * tightly as the native library.
 */
public final class BouncyCastleSecp256k1 implements Secp256k1 {
  private static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("secp256k1");
  static final ECCurve CURVE = PARAMETERS.getCurve();
  private static final ECPoint G = PARAMETERS.getG();
  private static final BigInteger N = PARAMETERS.getN();
  private static final BigInteger HALF_N = N.shiftRight(1);

  /** Creates the implementation; it holds no state. */
  public BouncyCastleSecp256k1() {}

  @Override
  public PublicKey publicKey(PrivateKey key) {
    return PublicKey.of(new FixedPointCombMultiplier().multiply(G, key.scalar()));
  }

  @Override
  public Signature sign(Hash digest, PrivateKey key) {
    BigInteger d = key.scalar();
    BigInteger z = digest.toUint();
    HMacDSAKCalculator nonces = new HMacDSAKCalculator(new SHA256Digest());
    nonces.init(N, d, digest.toBytes());
    while (true) {
      BigInteger k = nonces.nextK();
      ECPoint point = new FixedPointCombMultiplier().multiply(G, k).normalize();
      BigInteger x = point.getAffineXCoord().toBigInteger();
      BigInteger r = x.mod(N);
      BigInteger s = BigIntegers.modOddInverse(N, k).multiply(z.add(d.multiply(r))).mod(N);
      // A point whose x wraps modulo n cannot be told by parity alone; like a zero it does not
      // occur in practice.
      if (r.signum() == 0 || s.signum() == 0 || !r.equals(x)) {
        continue;
      }
      int parity = point.getAffineYCoord().testBitZero() ? 1 : 0;
      if (s.compareTo(HALF_N) > 0) {
        s = N.subtract(s);
        parity ^= 1;
      }
      return new Signature(Hash.ofUint(r), Hash.ofUint(s), parity);
    }
  }

  @Override
  public boolean verify(Hash digest, Signature signature, PublicKey key) {
    return recover(digest, signature).filter(key::equals).isPresent();
  }

  @Override
  public Optional<PublicKey> recover(Hash digest, Signature signature) {
    byte[] compressed = new byte[33];
    compressed[0] = (byte) (2 | signature.yParity());
    signature.r().writeTo(compressed, 1);
    ECPoint nonce;
    try {
      nonce = CURVE.decodePoint(compressed);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    BigInteger r = signature.r().toUint();
    BigInteger inverse = BigIntegers.modOddInverse(N, r);
    BigInteger zFactor = N.subtract(digest.toUint().mod(N)).multiply(inverse).mod(N);
    BigInteger sFactor = signature.s().toUint().multiply(inverse).mod(N);
    ECPoint key = ECAlgorithms.sumOfTwoMultiplies(G, zFactor, nonce, sFactor);
    return key.isInfinity() ? Optional.empty() : Optional.of(PublicKey.of(key));
  }

  /** The implementation's name. */
  @Override
  public String toString() {
    return "secp256k1 by BouncyCastle";
  }
}
