package network.tachi.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a server accepts before it says no. Every value is published to clients through the error it
 * causes.
 *
 * @param maxBodyBytes largest HTTP request body, in bytes
 * @param maxMessageBytes largest gRPC message, after decompression, in bytes
 * @param maxHeaderBytes largest header section, in bytes
 * @param maxConnections open TCP connections; further ones wait in the accept queue
 * @param maxConcurrentRequests HTTP requests and unary gRPC calls in work at once
 * @param maxConcurrentStreams streaming gRPC calls in work at once
 * @param maxStreamsPerConnection HTTP/2 streams of one connection
 * @param maxResetsPerConnection HTTP/2 streams a client may reset in 10 s on one connection
 * @param inboundBacklogBytes bytes of a client-streaming call that wait for a slow handler
 * @param headerTimeout how long a client may take to send a request's header section
 * @param bodyTimeout how long a client may take to send a request's body
 * @param writeTimeout how long a client may leave us waiting to write to it
 * @param idleTimeout how long a connection without calls stays open
 * @param defaultDeadline the deadline of a unary call whose client names none
 * @param maxDeadline the longest deadline of a unary call
 * @param maxStreamDuration the longest time a streaming call lives
 * @param stopGrace how long a stop waits for calls in work
 */
public record ServerLimits(
    int maxBodyBytes,
    int maxMessageBytes,
    int maxHeaderBytes,
    int maxConnections,
    int maxConcurrentRequests,
    int maxConcurrentStreams,
    int maxStreamsPerConnection,
    int maxResetsPerConnection,
    int inboundBacklogBytes,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration writeTimeout,
    Duration idleTimeout,
    Duration defaultDeadline,
    Duration maxDeadline,
    Duration maxStreamDuration,
    Duration stopGrace) {

  /** Checks that every limit is positive. */
  public ServerLimits {
    positive(maxBodyBytes, "maxBodyBytes");
    positive(maxMessageBytes, "maxMessageBytes");
    positive(maxHeaderBytes, "maxHeaderBytes");
    positive(maxConnections, "maxConnections");
    positive(maxConcurrentRequests, "maxConcurrentRequests");
    positive(maxConcurrentStreams, "maxConcurrentStreams");
    positive(maxStreamsPerConnection, "maxStreamsPerConnection");
    positive(maxResetsPerConnection, "maxResetsPerConnection");
    positive(inboundBacklogBytes, "inboundBacklogBytes");
    positive(headerTimeout, "headerTimeout");
    positive(bodyTimeout, "bodyTimeout");
    positive(writeTimeout, "writeTimeout");
    positive(idleTimeout, "idleTimeout");
    positive(defaultDeadline, "defaultDeadline");
    positive(maxDeadline, "maxDeadline");
    positive(maxStreamDuration, "maxStreamDuration");
    requireNonNull(stopGrace, "stopGrace is null");
    if (defaultDeadline.compareTo(maxDeadline) > 0) {
      throw new IllegalArgumentException(
          "defaultDeadline " + defaultDeadline + " is above maxDeadline " + maxDeadline);
    }
  }

  /** The limits of a public server. */
  public static ServerLimits defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  private static void positive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, found " + value);
    }
  }

  private static void positive(Duration value, String name) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be above zero, found " + value);
    }
  }

  /** Collects limits; what is not set keeps its default. */
  public static final class Builder {
    private int maxBodyBytes = 1 << 20;
    private int maxMessageBytes = 4 << 20;
    private int maxHeaderBytes = 16 << 10;
    private int maxConnections = 4096;
    private int maxConcurrentRequests = 512;
    private int maxConcurrentStreams = 1024;
    private int maxStreamsPerConnection = 256;
    private int maxResetsPerConnection = 1000;
    private int inboundBacklogBytes = 8 << 20;
    private Duration headerTimeout = Duration.ofSeconds(10);
    private Duration bodyTimeout = Duration.ofSeconds(30);
    private Duration writeTimeout = Duration.ofSeconds(15);
    private Duration idleTimeout = Duration.ofMinutes(5);
    private Duration defaultDeadline = Duration.ofSeconds(30);
    private Duration maxDeadline = Duration.ofMinutes(2);
    private Duration maxStreamDuration = Duration.ofHours(1);
    private Duration stopGrace = Duration.ofSeconds(10);

    private Builder() {}

    /** Largest HTTP request body, in bytes. */
    public Builder maxBodyBytes(int bytes) {
      maxBodyBytes = bytes;
      return this;
    }

    /** Largest gRPC message, in bytes. */
    public Builder maxMessageBytes(int bytes) {
      maxMessageBytes = bytes;
      return this;
    }

    /** Largest header section, in bytes. */
    public Builder maxHeaderBytes(int bytes) {
      maxHeaderBytes = bytes;
      return this;
    }

    /** Open TCP connections. */
    public Builder maxConnections(int count) {
      maxConnections = count;
      return this;
    }

    /** HTTP requests and unary calls in work at once. */
    public Builder maxConcurrentRequests(int count) {
      maxConcurrentRequests = count;
      return this;
    }

    /** Streaming calls in work at once. */
    public Builder maxConcurrentStreams(int count) {
      maxConcurrentStreams = count;
      return this;
    }

    /** HTTP/2 streams of one connection. */
    public Builder maxStreamsPerConnection(int count) {
      maxStreamsPerConnection = count;
      return this;
    }

    /** Streams a client may reset in 10 s on one connection. */
    public Builder maxResetsPerConnection(int count) {
      maxResetsPerConnection = count;
      return this;
    }

    /** Bytes of a client-streaming call that may wait for a slow handler. */
    public Builder inboundBacklogBytes(int bytes) {
      inboundBacklogBytes = bytes;
      return this;
    }

    /** How long a client may take to send a header section. */
    public Builder headerTimeout(Duration time) {
      headerTimeout = time;
      return this;
    }

    /** How long a client may take to send a body. */
    public Builder bodyTimeout(Duration time) {
      bodyTimeout = time;
      return this;
    }

    /** How long a client may leave us waiting to write. */
    public Builder writeTimeout(Duration time) {
      writeTimeout = time;
      return this;
    }

    /** How long a connection without calls stays open. */
    public Builder idleTimeout(Duration time) {
      idleTimeout = time;
      return this;
    }

    /** The deadline of a unary call whose client names none. */
    public Builder defaultDeadline(Duration time) {
      defaultDeadline = time;
      return this;
    }

    /** The longest deadline of a unary call. */
    public Builder maxDeadline(Duration time) {
      maxDeadline = time;
      return this;
    }

    /** The longest time a streaming call lives. */
    public Builder maxStreamDuration(Duration time) {
      maxStreamDuration = time;
      return this;
    }

    /** How long a stop waits for calls in work. */
    public Builder stopGrace(Duration time) {
      stopGrace = time;
      return this;
    }

    /** The limits. */
    public ServerLimits build() {
      return new ServerLimits(
          maxBodyBytes,
          maxMessageBytes,
          maxHeaderBytes,
          maxConnections,
          maxConcurrentRequests,
          maxConcurrentStreams,
          maxStreamsPerConnection,
          maxResetsPerConnection,
          inboundBacklogBytes,
          headerTimeout,
          bodyTimeout,
          writeTimeout,
          idleTimeout,
          defaultDeadline,
          maxDeadline,
          maxStreamDuration,
          stopGrace);
    }
  }
}
