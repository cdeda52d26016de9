package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why a payment is not taken; becomes a 402.
 *
 * @param code stable; x402's own code where it has one
 * @param message one sentence for people
 * @param standing of the voucher's pair, where that helps the client to sign a better one
 */
record Refusal(String code, String message, @Nullable PairStanding standing) {
  static final String INVALID_NETWORK = "invalid_network";
  static final String UNSUPPORTED_SCHEME = "unsupported_scheme";
  static final String RECIPIENT = "invalid_exact_evm_recipient_mismatch";
  static final String VALUE = "invalid_exact_evm_authorization_value";
  static final String VALID_AFTER = "invalid_exact_evm_payload_authorization_valid_after";
  static final String VALID_BEFORE = "invalid_exact_evm_payload_authorization_valid_before";
  static final String SIGNATURE = "invalid_exact_evm_signature";
  static final String NONCE_USED = "invalid_exact_evm_nonce_already_used";
  static final String BALANCE = "invalid_exact_evm_insufficient_balance";
  static final String SIMULATION = "invalid_exact_evm_transaction_simulation_failed";
  static final String TRANSACTION_FAILED = "invalid_exact_evm_transaction_failed";
  static final String EIP6492 = "eip6492_factory_not_allowed";
  static final String REQUIREMENTS = "invalid_payment_requirements";
  static final String VOUCHER_LICENSE = "voucher_mismatch";
  static final String VOUCHER_TERMS = "terms_outdated";
  static final String VOUCHER_SIGNATURE = "voucher_signature";
  static final String VOUCHER_CEILING = "voucher_exceeded";
  static final String CREDIT = "credit_insufficient";

  /** The oracle gives no credit now, as its index is too old; nothing stands in the log. */
  static final String INDEX_STALE = "index_stale";

  /** The oracle gives no credit now, as its epochs do not go on; nothing stands in the log. */
  static final String EPOCHS_STALLED = "epochs_stalled";

  /** The oracle can't sign what it may have logged, as the key for it was replaced meanwhile. */
  static final String KEY_RETIRED = "attestation_key_retired";

  Refusal {
    requireNonNull(code, "code is null");
    requireNonNull(message, "message is null");
  }

  static Refusal of(String code, String message) {
    return new Refusal(code, message, null);
  }

  Refusal with(PairStanding known) {
    return new Refusal(code, message, known);
  }
}
