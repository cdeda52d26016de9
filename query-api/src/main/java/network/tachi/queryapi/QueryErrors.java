package network.tachi.queryapi;

import network.tachi.server.ErrorCode;
import network.tachi.server.ErrorKind;

/** The error codes of this API, beside those of {@link ErrorCode}. */
final class QueryErrors {
  /** The chain is configured, but nothing of it has been indexed yet. */
  static final ErrorCode NOT_INDEXED =
      new ErrorCode("not_indexed", ErrorKind.UNAVAILABLE, "Chain not indexed yet");

  /** A page token that this list did not give out. */
  static final ErrorCode INVALID_PAGE_TOKEN =
      new ErrorCode("invalid_page_token", ErrorKind.INVALID_ARGUMENT, "Invalid page token");

  /** The URL's host has no verified licence. */
  static final ErrorCode UNKNOWN_PUBLISHER =
      new ErrorCode("unknown_publisher", ErrorKind.NOT_FOUND, "No verified publisher");

  /** The entry is in the log, but not below the size that was asked for. */
  static final ErrorCode NOT_COVERED =
      new ErrorCode("not_covered", ErrorKind.FAILED_PRECONDITION, "Not in the log of that size");

  /** No finalised epoch holds earnings of the licence. */
  static final ErrorCode NOTHING_EARNED =
      new ErrorCode("nothing_earned", ErrorKind.NOT_FOUND, "Nothing earned in a finalised epoch");

  /** What is stored does not give the root that was posted; nothing is proven from it. */
  static final ErrorCode ROOT_MISMATCH =
      new ErrorCode("root_mismatch", ErrorKind.DATA_LOSS, "Stored data contradicts a posted root");

  /** The policy document can't be read, or is not canonical. */
  static final ErrorCode INVALID_POLICY =
      new ErrorCode("invalid_policy", ErrorKind.INVALID_ARGUMENT, "Invalid policy document");

  /** The policy is not signed by the licence's holder. */
  static final ErrorCode WRONG_SIGNER =
      new ErrorCode("wrong_signer", ErrorKind.PERMISSION_DENIED, "Not signed by the holder");

  /** The policy's version is not the next one. */
  static final ErrorCode WRONG_VERSION =
      new ErrorCode("wrong_version", ErrorKind.CONFLICT, "Not the next version");

  private QueryErrors() {}
}
