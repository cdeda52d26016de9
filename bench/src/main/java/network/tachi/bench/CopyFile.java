package network.tachi.bench;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import network.tachi.evm.AbiReader;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Log;

/**
 * The rows of {@code payment_made} as PostgreSQL's binary COPY takes them, written to a file before
 * the clock runs.
 */
final class CopyFile implements AutoCloseable {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int BUFFER = 1 << 20;
  private static final BigInteger BASE = BigInteger.valueOf(10_000);

  private final DataOutputStream out;
  private final List<String> columns;
  private final long chain;

  /**
   * Begins a file.
   *
   * @param columns of the table, in its order
   */
  CopyFile(Path file, List<String> columns, long chain) {
    this.columns = List.copyOf(columns);
    this.chain = chain;
    try {
      this.out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
      out.write(SIGNATURE);
      out.writeInt(0);
      out.writeInt(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a row for each log. */
  void add(List<Log> logs) {
    try {
      for (Log log : logs) {
        out.writeShort(columns.size());
        AbiReader data = AbiReader.of(log.data());
        for (String column : columns) {
          write(column, log, data);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String column, Log log, AbiReader data) throws IOException {
    switch (column) {
      case "chain_id" -> bigint(chain);
      case "block_number" -> bigint(log.blockNumber());
      case "log_index" -> integer(log.logIndex());
      case "block_hash" -> bytes(log.blockHash().toBytes());
      case "block_timestamp" -> bigint(Objects.requireNonNull(log.blockTimestamp()));
      case "tx_hash" -> bytes(log.transactionHash().toBytes());
      case "tx_index" -> integer(log.transactionIndex());
      case "contract" -> bytes(log.address().toBytes());
      case "payment_id" -> bytes(topic(log, 1).toBytes());
      case "license_id" -> bigint(topic(log, 2).toUint().longValueExact());
      case "payer" -> bytes(network.tachi.evm.Address.fromWord(topic(log, 3)).toBytes());
      case "amount" -> numeric(data.uint(0));
      case "nonce" -> bytes(data.word(1).toBytes());
      case "method" -> smallint(data.uint(2).intValueExact());
      case "paid_at" -> bigint(data.uint(3).longValueExact());
      default -> throw new BenchException("payment_made has an unknown column " + column);
    }
  }

  private static Hash topic(Log log, int index) {
    return log.topics().get(index);
  }

  private void bigint(long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private void integer(int value) throws IOException {
    out.writeInt(Integer.BYTES);
    out.writeInt(value);
  }

  private void smallint(int value) throws IOException {
    out.writeInt(Short.BYTES);
    out.writeShort(value);
  }

  private void bytes(byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }

  /** A whole number: count of base-10,000 digits, weight of the first, sign, scale, digits. */
  private void numeric(BigInteger value) throws IOException {
    List<Integer> digits = new ArrayList<>();
    for (BigInteger rest = value; rest.signum() > 0; rest = rest.divide(BASE)) {
      digits.addFirst(rest.mod(BASE).intValueExact());
    }
    out.writeInt(8 + 2 * digits.size());
    out.writeShort(digits.size());
    out.writeShort(digits.size() - 1);
    out.writeShort(0);
    out.writeShort(0);
    for (int digit : digits) {
      out.writeShort(digit);
    }
  }

  @Override
  public void close() {
    try {
      out.writeShort(-1);
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
