package network.tachi.evm.rpc;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.RevertReason;
import org.jspecify.annotations.Nullable;

/** Thrown when a call of a node has no usable answer. The nested types say why. */
public abstract sealed class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String endpoint;
  private final String method;

  private RpcException(String endpoint, String method, String detail, @Nullable Throwable cause) {
    super(endpoint + " " + method + ": " + detail, cause);
    this.endpoint = endpoint;
    this.method = method;
  }

  /** Host and port of the node; no path, as that often holds a secret. */
  public String endpoint() {
    return endpoint;
  }

  /** The method called; for a batch the first one and the number of the others. */
  public String method() {
    return method;
  }

  /** No connection, or it broke before the whole answer was there. */
  public static final class Transport extends RpcException {
    private static final long serialVersionUID = 1L;

    Transport(String endpoint, String method, Throwable cause) {
      super(endpoint, method, "connection failed: " + cause, cause);
    }

    /** Whether there was no connection at all, so that the request certainly was not sent. */
    public boolean isUnsent() {
      for (Throwable t = getCause(); t != null; t = t.getCause()) {
        if (t instanceof ConnectException) {
          return true;
        }
      }
      return false;
    }
  }

  /** No whole answer in time. */
  public static final class Timeout extends RpcException {
    private static final long serialVersionUID = 1L;

    /** Creates one; for pools. */
    public Timeout(String endpoint, String method, Duration limit) {
      super(endpoint, method, "no answer within " + limit.toMillis() + " ms", null);
    }
  }

  /** The calling thread was interrupted; its interrupt flag is set again. */
  public static final class Interrupted extends RpcException {
    private static final long serialVersionUID = 1L;

    /** Creates one; for pools. */
    public Interrupted(String endpoint, String method) {
      super(endpoint, method, "interrupted", null);
    }
  }

  /** An HTTP status other than 200 without a JSON-RPC error in the body, or 429 with any body. */
  public static final class HttpStatus extends RpcException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable Duration retryAfter;
    private final String body;

    HttpStatus(
        String endpoint, String method, int status, @Nullable Duration retryAfter, String body) {
      super(endpoint, method, "HTTP status " + status + (body.isEmpty() ? "" : ": " + body), null);
      this.status = status;
      this.retryAfter = retryAfter;
      this.body = body;
    }

    /** The status. */
    public int status() {
      return status;
    }

    /** Whether the node refuses because of too many requests. */
    public boolean isRateLimit() {
      return status == 429;
    }

    /** The beginning of the body. */
    public String body() {
      return body;
    }

    /** How long the node asks to wait, if it says so in seconds. */
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfter);
    }
  }

  /** The answer is longer than the limit. */
  public static final class TooLarge extends RpcException {
    private static final long serialVersionUID = 1L;

    TooLarge(String endpoint, String method, long limit) {
      super(endpoint, method, "answer is longer than " + limit + " bytes", null);
    }
  }

  /** The answer is not JSON, not JSON-RPC, or its result has not the form the method gives. */
  public static final class Malformed extends RpcException {
    private static final long serialVersionUID = 1L;

    Malformed(String endpoint, String method, String detail, @Nullable Throwable cause) {
      super(endpoint, method, "malformed answer: " + detail, cause);
    }
  }

  /** The node answered with a JSON-RPC error. */
  public static final class ErrorReply extends RpcException {
    private static final long serialVersionUID = 1L;

    private final int httpStatus;
    private final int code;
    private final String nodeMessage;
    private final String detail;
    private final @Nullable Bytes data;

    ErrorReply(
        String endpoint,
        String method,
        int httpStatus,
        int code,
        String nodeMessage,
        String detail,
        @Nullable Bytes data) {
      super(endpoint, method, "error " + code + ": " + nodeMessage + detail, null);
      this.httpStatus = httpStatus;
      this.code = code;
      this.nodeMessage = nodeMessage;
      this.detail = detail;
      this.data = data;
    }

    /** The HTTP status that came with the error; 200 with most nodes. */
    public int httpStatus() {
      return httpStatus;
    }

    /** The JSON-RPC error code. */
    public int code() {
      return code;
    }

    /** The node's message, cut if long. */
    public String nodeMessage() {
      return nodeMessage;
    }

    /** What else the node says in the error's data, in words, after a blank; empty if nothing. */
    public String detail() {
      return detail;
    }

    /** The error's data, if it is hex: what a reverted call returned. */
    public Optional<Bytes> data() {
      return Optional.ofNullable(data);
    }

    /** Why the call reverted, if the node gave the revert's data. */
    public Optional<RevertReason> revertReason() {
      return data().map(RevertReason::decode);
    }
  }

  /** The result is null where the method must give one. */
  public static final class NullResult extends RpcException {
    private static final long serialVersionUID = 1L;

    NullResult(String endpoint, String method) {
      super(endpoint, method, "result is null", null);
    }
  }

  /** The ids of the answer are not those of the request. */
  public static final class IdMismatch extends RpcException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with an id. */
    public enum Kind {
      /** No answer has this id. */
      MISSING,
      /** Two answers have this id. */
      DUPLICATE,
      /** An answer has an id that was not asked. */
      FOREIGN
    }

    private final Kind kind;

    IdMismatch(String endpoint, String method, Kind kind, String id) {
      super(endpoint, method, kind + " id " + id + " in the answer", null);
      this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
      return kind;
    }
  }

  /** The node serves another chain than it should. */
  public static final class WrongChain extends RpcException {
    private static final long serialVersionUID = 1L;

    private final ChainId found;

    /** Creates one; for pools. */
    public WrongChain(String endpoint, String method, ChainId expected, ChainId found) {
      super(endpoint, method, "serves chain " + found + " instead of " + expected, null);
      this.found = found;
    }

    /** The chain it serves. */
    public ChainId found() {
      return found;
    }
  }

  /** No endpoint is fit to be asked, or too many callers wait already. */
  public static final class Unavailable extends RpcException {
    private static final long serialVersionUID = 1L;

    /** Creates one; for pools. */
    public Unavailable(String endpoint, String method, String detail) {
      super(endpoint, method, detail, null);
    }
  }
}
