/**
 * The oracle: takes paid requests into an append-only usage log, signs an attestation for each,
 * closes epochs, has k of n root signers agree on each header, and posts the headers on both
 * chains. Its one way in is {@link network.tachi.oracle.OracleRole}; formats and hashes are those
 * of docs/spec/wire.md.
 */
@NullMarked
package network.tachi.oracle;

import org.jspecify.annotations.NullMarked;
