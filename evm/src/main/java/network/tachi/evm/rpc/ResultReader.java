package network.tachi.evm.rpc;

/** Reads one JSON value, on which the input stands, and leaves the input at its end. */
@FunctionalInterface
public interface ResultReader<T> {
  /** Reads the value; exceptions about its form are those of {@link JsonInput}. */
  T read(JsonInput in);
}
