package network.tachi.store;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_OPENED;
import static network.tachi.store.jooq.projection.Tables.LEGACY_PAYMENT_LOGGED;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static network.tachi.store.jooq.projection.Tables.SIGNER_CONFIG_PROPOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.store.jooq.projection.Projection;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CopyRowsTest {
  private static Database indexer;

  @BeforeAll
  static void open() {
    indexer = Database.open(SharedServer.migrated(), DatabaseRole.INDEXER, 2);
  }

  @AfterAll
  static void close() {
    indexer.close();
  }

  @Test
  void anyRowOfAnyTable_shouldBeReadAsItWasWritten() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Table<?>> tables = new ArrayList<>(EventTables.all());
    tables.add(BLOCK_LOGS);
    for (Table<?> table : tables) {
      List<Record> written = new ArrayList<>();
      CopyRows rows = new CopyRows(table);
      for (int i = 0; i < 20; i++) {
        Record row = row(table, i, random);
        rows.add(row);
        written.add(row);
      }
      assertThat(rows.size()).isEqualTo(20);
      indexer.run(tx -> {
        tx.deleteFrom(table).execute();
        rows.flush(tx);
        assertThat(rows.size()).isZero();
        List<? extends Record> read = tx.selectFrom(table).orderBy(1, 2).fetch();
        for (int i = 0; i < 20; i++) {
          assertThat(read.get(i).intoMap())
              .as("seed %d, %s", seed, table)
              .isEqualTo(written.get(i).intoMap());
        }
        tx.deleteFrom(table).execute();
      });
    }
  }

  @Test
  void everyColumnOfCopiedTables_shouldHaveABinaryForm() {
    for (Table<?> table : Projection.PROJECTION.getTables()) {
      assertThat(new CopyRows(table).table()).isEqualTo(table);
    }
    for (Table<?> table : List.of(BLOCK, BLOCK_LOGS)) {
      assertThat(new CopyRows(table).table()).isEqualTo(table);
    }
  }

  @Test
  void specialTables_shouldBeAmongThem() {
    // Lists of hashes and of addresses, numbers of 256 bits, and text that a contract chose.
    assertThat(EventTables.all())
        .contains(DISPUTE_OPENED, SIGNER_CONFIG_PROPOSED, LEGACY_PAYMENT_LOGGED);
  }

  @Test
  void refusedRow_shouldWriteNothing_andLeaveTheConnectionUsable() {
    CopyRows rows = new CopyRows(PAYMENT_MADE);
    Random random = new Random(1);
    Record row = row(PAYMENT_MADE, 1, random);
    rows.add(row);
    rows.add(row);
    assertThatThrownBy(() -> indexer.run(rows::flush))
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("duplicate key");

    rows.clear();
    rows.add(row);
    indexer.run(tx -> {
      rows.flush(tx);
      assertThat(tx.fetchCount(PAYMENT_MADE)).isEqualTo(1);
      tx.deleteFrom(PAYMENT_MADE).execute();
    });
  }

  @Test
  void manyRows_shouldFitIntoOneCopy() {
    CopyRows rows = new CopyRows(PAYMENT_MADE);
    Random random = new Random(2);
    Record row = row(PAYMENT_MADE, 0, random);
    for (int i = 0; i < 50_000; i++) {
      row.set(PAYMENT_MADE.BLOCK_NUMBER, (long) i);
      rows.add(row);
    }
    assertThat(rows.bytes()).isGreaterThan(10 << 20);
    indexer.run(tx -> {
      rows.flush(tx);
      assertThat(tx.fetchCount(PAYMENT_MADE)).isEqualTo(50_000);
      tx.deleteFrom(PAYMENT_MADE).execute();
    });
  }

  private static Record row(Table<?> table, int number, Random random) {
    Record row = indexer.dsl().newRecord(table);
    for (Field<?> field : table.fields()) {
      set(row, field, value(field, random));
    }
    row.set(table.field(0, Long.class), (long) number);
    return row;
  }

  private static <T> void set(Record row, Field<T> field, Object value) {
    row.set(field, field.getType().cast(value));
  }

  private static Object value(Field<?> field, Random random) {
    String name = field.getName();
    Class<?> type = field.getType();
    if (type == Long.class) {
      return random.nextLong() >>> (1 + random.nextInt(63));
    } else if (type == Integer.class) {
      return random.nextInt();
    } else if (type == Short.class) {
      return (short) random.nextInt();
    } else if (type == Hash.class) {
      return hash(random);
    } else if (type == Address.class) {
      return address(random);
    } else if (type == Bytes.class) {
      return Bytes.of(bytes(random, random.nextInt(100)));
    } else if (type == UsdcAmount.class) {
      return UsdcAmount.of(number(random, 128));
    } else if (type == BigInteger.class) {
      return number(random, 256);
    } else if (type == String.class) {
      return "tërms €\t\n\\ 𝄞".repeat(random.nextInt(4));
    } else if (type == Instant.class) {
      return Instant.ofEpochSecond(random.nextInt(), 1_000L * random.nextInt(1_000_000));
    } else if (name.equals("payment_ids")) {
      return IntStream.range(0, random.nextInt(4)).mapToObj(_ -> hash(random)).toList();
    } else if (name.equals("signers")) {
      return IntStream.range(0, random.nextInt(4)).mapToObj(_ -> address(random)).toList();
    }
    throw new AssertionError(field);
  }

  /** Numbers of every width, those at the edges of 10,000 among them. */
  private static BigInteger number(Random random, int bits) {
    return switch (random.nextInt(4)) {
      case 0 -> BigInteger.ZERO;
      case 1 -> BigInteger.TEN.pow(random.nextInt(38));
      case 2 -> BigInteger.TEN.pow(1 + random.nextInt(38)).subtract(BigInteger.ONE);
      default -> new BigInteger(random.nextInt(bits + 1), random);
    };
  }

  private static Hash hash(Random random) {
    return Hash.of(bytes(random, Hash.SIZE));
  }

  private static Address address(Random random) {
    return Address.of(bytes(random, Address.SIZE));
  }

  private static byte[] bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }
}
