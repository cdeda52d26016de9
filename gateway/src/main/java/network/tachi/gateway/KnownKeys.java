package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.PublicKey;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;

/**
 * Verifies signatures of accounts. The key of an account seen before is known, which saves
 * recovering it.
 */
final class KnownKeys {
  private final Secp256k1 secp256k1;
  private final Cache<Address, PublicKey> keys = Caffeine.newBuilder().maximumSize(10_000).build();

  KnownKeys(Secp256k1 secp256k1) {
    this.secp256k1 = requireNonNull(secp256k1, "secp256k1 is null");
  }

  /** Whether the signature over the digest is by that account. */
  boolean verify(Hash digest, Signature signature, Address account) {
    PublicKey known = keys.getIfPresent(account);
    return known == null
        ? signer(digest, signature).filter(account::equals).isPresent()
        : secp256k1.verify(digest, signature, known);
  }

  /** Whose signature over the digest it is; empty if nobody's. */
  Optional<Address> signer(Hash digest, Signature signature) {
    return secp256k1
        .recover(digest, signature)
        .map(key -> {
          Address address = key.toAddress();
          keys.put(address, key);
          return address;
        });
  }
}
