package network.tachi.server;

import static java.util.Objects.requireNonNullElse;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC side of {@link ApiError}: a status, the trailer {@code tachi-code}, and google.rpc
 * details ({@code ErrorInfo}, {@code BadRequest}, {@code RetryInfo}, {@code RequestInfo}).
 */
public final class GrpcErrors {
  /** The trailer that carries {@link ErrorCode#value()}. */
  public static final Metadata.Key<String> CODE =
      Metadata.Key.of("tachi-code", Metadata.ASCII_STRING_MARSHALLER);

  /** The trailer and header that carries the request id. */
  public static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of(RequestIds.HEADER, Metadata.ASCII_STRING_MARSHALLER);

  static final Metadata.Key<com.google.rpc.Status> DETAILS =
      Metadata.Key.of(
          "grpc-status-details-bin",
          ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

  private static final String DOMAIN = "tachi.network";
  private static final int MAX_DESCRIPTION = 1000;

  private GrpcErrors() {}

  /** The status of {@code error}; its description is the detail, cut to 1,000 characters. */
  static Status status(ApiError error) {
    return Status.fromCode(error.code().kind().grpcCode()).withDescription(cut(error.detail()));
  }

  /** Adds to {@code trailers} what a client needs to rebuild {@code error}. */
  static void describe(Metadata trailers, ApiError error, String requestId) {
    trailers.discardAll(CODE);
    trailers.put(CODE, error.code().value());
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder().setReason(error.code().value()).setDomain(DOMAIN);
    info.putMetadata("title", error.code().title());
    info.putMetadata("kind", error.code().kind().name());
    putIfPresent(info, "field", error.field());
    putIfPresent(info, "expected", error.expected());
    putIfPresent(info, "found", error.found());
    com.google.rpc.Status.Builder details =
        com.google.rpc.Status.newBuilder()
            .setCode(error.code().kind().grpcCode().value())
            .setMessage(cut(error.detail()))
            .addDetails(Any.pack(info.build()))
            .addDetails(Any.pack(RequestInfo.newBuilder().setRequestId(requestId).build()));
    if (error.field() != null) {
      details.addDetails(
          Any.pack(
              BadRequest.newBuilder()
                  .addFieldViolations(
                      BadRequest.FieldViolation.newBuilder()
                          .setField(error.field())
                          .setDescription(cut(error.detail())))
                  .build()));
    }
    Duration retryAfter = error.retryAfter();
    if (retryAfter != null) {
      details.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(
                      com.google.protobuf.Duration.newBuilder()
                          .setSeconds(retryAfter.getSeconds())
                          .setNanos(retryAfter.getNano()))
                  .build()));
    }
    trailers.discardAll(DETAILS);
    trailers.put(DETAILS, details.build());
  }

  /** The exception a client-like caller would see for {@code error}. */
  static StatusRuntimeException toException(ApiError error, String requestId) {
    Metadata trailers = new Metadata();
    describe(trailers, error, requestId);
    return new StatusRuntimeException(status(error), trailers);
  }

  /**
   * Rebuilds the error that another Tachi server sent.
   *
   * @param failure what a gRPC stub threw
   * @return empty if it is no gRPC failure
   */
  public static Optional<ApiError> fromThrowable(Throwable failure) {
    return switch (failure) {
      case StatusRuntimeException e -> Optional.of(fromStatus(e.getStatus(), e.getTrailers()));
      case StatusException e -> Optional.of(fromStatus(e.getStatus(), e.getTrailers()));
      default -> Optional.empty();
    };
  }

  static ApiError fromStatus(Status status, @Nullable Metadata trailers) {
    ErrorCode fallback = ErrorCode.of(status.getCode());
    String detail = requireNonNullElse(status.getDescription(), fallback.title());
    com.google.rpc.@Nullable Status details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) {
      return ApiError.of(fallback, detail);
    }
    ApiError error = ApiError.of(fallback, detail);
    for (Any any : details.getDetailsList()) {
      error = withDetail(error, any, status);
    }
    return error;
  }

  private static ApiError withDetail(ApiError error, Any any, Status status) {
    try {
      if (any.is(ErrorInfo.class)) {
        ErrorInfo info = any.unpack(ErrorInfo.class);
        if (!info.getDomain().equals(DOMAIN)) {
          return error;
        }
        return new ApiError(
            codeOf(info, status),
            error.detail(),
            info.getMetadataMap().get("field"),
            info.getMetadataMap().get("expected"),
            info.getMetadataMap().get("found"),
            error.retryAfter());
      }
      if (any.is(RetryInfo.class)) {
        com.google.protobuf.Duration delay = any.unpack(RetryInfo.class).getRetryDelay();
        return error.withRetryAfter(Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
      }
      return error;
    } catch (com.google.protobuf.InvalidProtocolBufferException | IllegalArgumentException e) {
      return error;
    }
  }

  private static ErrorCode codeOf(ErrorInfo info, Status status) {
    String title = info.getMetadataMap().getOrDefault("title", info.getReason());
    String kind = info.getMetadataMap().get("kind");
    return new ErrorCode(
        info.getReason(),
        kind == null ? ErrorKind.of(status.getCode()) : ErrorKind.valueOf(kind),
        title);
  }

  private static void putIfPresent(ErrorInfo.Builder info, String key, @Nullable String value) {
    if (value != null) {
      info.putMetadata(key, value);
    }
  }

  private static String cut(String text) {
    return text.length() <= MAX_DESCRIPTION ? text : text.substring(0, MAX_DESCRIPTION);
  }
}
