/**
 * Value types and codecs of the Ethereum Virtual Machine: addresses, hashes, amounts, Keccak-256,
 * secp256k1, RLP, EIP-712 and ABI. Everything here is immutable or confined to a caller, does no
 * I/O but for key files, and depends on no other module.
 */
@NullMarked
package network.tachi.evm;

import org.jspecify.annotations.NullMarked;
