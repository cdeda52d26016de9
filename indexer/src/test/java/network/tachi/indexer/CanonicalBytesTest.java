package network.tachi.indexer;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.projection.Tables.BLOCK_DIGEST;
import static network.tachi.store.jooq.projection.Tables.LEGACY_LICENSE_DEACTIVATED;
import static network.tachi.store.jooq.projection.Tables.TERMS_URI_UPDATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.EventTables;
import network.tachi.store.jooq.projection.tables.records.LegacyLicenseDeactivatedRecord;
import network.tachi.testkit.TestDatabase;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.TableRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CanonicalBytesTest {
  private static final ChainId CHAIN = ChainId.of(84_532);
  private static final int EVENTS_OF_A_KIND = 12;

  private static final TestDatabase SERVER = TestDatabase.create();
  private final Database database = SERVER.as(DatabaseRole.INDEXER);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @Test
  void everyEvent_shouldHaveTheSameBytesBeforeItIsStoredAndAfter() {
    long seed = new Random().nextLong();
    RandomEvents events = new RandomEvents(new Random(seed));
    Map<Long, Hash> written = new TreeMap<>();
    List<VerifiedBlock> blocks = new ArrayList<>();
    StateDigest digest = StateDigest.empty(CHAIN);
    for (Class<? extends TachiEvent> kind : RandomEvents.kinds()) {
      BlockPoint point =
          new BlockPoint(
              blocks.size() + 1,
              Keccak.hash("block " + blocks.size()),
              events.hash(),
              1_800_000_000L);
      List<IndexedEvent> indexed = new ArrayList<>();
      for (int i = 0; i < EVENTS_OF_A_KIND; i++) {
        indexed.add(indexed(events.next(kind), point, i, events));
      }
      VerifiedBlock block = block(point, indexed);
      blocks.add(block);
      written.put(point.number(), digest.next(block));
    }
    database.run(tx -> {
      new ProjectionWriter(CHAIN).write(tx, blocks);
      blocks.forEach(block -> insertBlock(tx, block));
    });

    Map<Long, Hash> read = new TreeMap<>();
    StateDigest again = StateDigest.empty(CHAIN);
    new StoredEvents(database.dsl(), CHAIN)
        .visitPages(
            0,
            blocks.size(),
            page ->
                page.forEach(block ->
                    read.put(
                        block.point().number(), again.next(block.point().id(), block.rows()))));

    assertThat(blocks).hasSameSizeAs(EventTables.all());
    assertThat(read).as("seed %d", seed).isEqualTo(written);
    assertThat(
            database
                .dsl()
                .selectFrom(BLOCK_DIGEST)
                .fetchMap(BLOCK_DIGEST.NUMBER, BLOCK_DIGEST.DIGEST))
        .isEqualTo(written);
  }

  @Test
  void anyChangedColumn_shouldChangeTheBytes() {
    long seed = new Random().nextLong();
    RandomEvents events = new RandomEvents(new Random(seed));
    for (Class<? extends TachiEvent> kind : RandomEvents.kinds()) {
      TableRecord<?> row = row(events.next(kind), 1, 0, events);
      Hash before = bytes(row);
      for (int column = 2; column < row.size(); column++) {
        Field<?> field = requireNonNull(row.field(column));
        Object value = requireNonNull(row.get(column));
        Object other = value;
        while (other.equals(value)) {
          TableRecord<?> another = row(events.next(kind), 1, 1, events);
          other = requireNonNull(another.get(column));
        }
        set(row, field, other);
        assertThat(bytes(row))
            .as("seed %d: %s.%s", seed, row.getTable(), field)
            .isNotEqualTo(before);
        set(row, field, value);
      }
      assertThat(bytes(row)).isEqualTo(before);
    }
  }

  /** The bytes of docs/indexer.md, put together by hand. */
  @Test
  void digest_shouldBeWhatTheDocumentSays() {
    BlockPoint block = new BlockPoint(9, Keccak.hash("block"), Keccak.hash("parent"), 1_700);
    Hash transaction = Keccak.hash("transaction");
    Address contract = Address.read(Keccak.hash("contract").toBytes(), 0);
    IndexedEvent event =
        new IndexedEvent(
            new EventPosition(CHAIN, block, 3, transaction, 2, contract, VerifiedBy.RECEIPTS),
            new LicenseEvent.TermsURIUpdated(LicenseId.of(5), "\u00E9"));

    Hash empty = Keccak.hash(Keccak.hash("tachi.state.1").toBytes(), word(84_532));
    Hash expected =
        Keccak.hash(
            empty.toBytes(),
            word(9),
            block.hash().toBytes(),
            word("terms_uri_updated".length()),
            "terms_uri_updated".getBytes(StandardCharsets.US_ASCII),
            word(3),
            block.hash().toBytes(),
            word(1_700),
            transaction.toBytes(),
            word(2),
            contract.toWord().toBytes(),
            word(5),
            word(2),
            new byte[] {(byte) 0xc3, (byte) 0xa9});

    StateDigest digest = StateDigest.empty(CHAIN);
    assertThat(digest.next(block(block, List.of()))).isEqualTo(empty);
    assertThat(digest.next(block(block, List.of(event)))).isEqualTo(expected);
    assertThat(digest.current()).isEqualTo(expected);
    assertThat(StateDigest.empty(CHAIN).next(block.id(), List.of(EventRows.of(event))))
        .isEqualTo(expected);
  }

  private static byte[] word(long number) {
    return Hash.ofUint(number).toBytes();
  }

  @Test
  void sameValuesInAnotherTable_shouldBeOtherBytes() {
    RandomEvents events = new RandomEvents(new Random(1));
    TableRecord<?> row = row(new LicenseEvent.LicenseDeactivated(LicenseId.of(7)), 1, 0, events);
    LegacyLicenseDeactivatedRecord legacy = LEGACY_LICENSE_DEACTIVATED.newRecord();
    legacy.fromArray(row.intoArray());

    assertThat(legacy.intoList()).isEqualTo(row.intoList());
    assertThat(bytes(legacy)).isNotEqualTo(bytes(row));
  }

  @Test
  void nullColumn_shouldBeRefused() {
    assertThatThrownBy(() -> bytes(TERMS_URI_UPDATED.newRecord()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("terms_uri_updated");
  }

  private static Hash bytes(TableRecord<?> row) {
    return new CanonicalBytes().row(row).keccak();
  }

  private static <T> void set(TableRecord<?> row, Field<T> field, Object value) {
    row.set(field, field.getType().cast(value));
  }

  private static TableRecord<?> row(TachiEvent event, long block, int logIndex, RandomEvents any) {
    BlockPoint point = new BlockPoint(block, any.hash(), any.hash(), 1_800_000_000L + logIndex);
    return EventRows.of(indexed(event, point, logIndex, any));
  }

  private static IndexedEvent indexed(
      TachiEvent event, BlockPoint point, int logIndex, RandomEvents any) {
    return new IndexedEvent(
        new EventPosition(
            CHAIN,
            point,
            logIndex,
            any.hash(),
            2 * logIndex,
            Address.read(any.hash().toBytes(), 0),
            VerifiedBy.RECEIPTS),
        event);
  }

  private static VerifiedBlock block(BlockPoint point, List<IndexedEvent> events) {
    return new VerifiedBlock(point, VerifiedBy.RECEIPTS, events, Bytes.EMPTY);
  }

  private static void insertBlock(DSLContext tx, VerifiedBlock block) {
    tx.insertInto(BLOCK)
        .set(BLOCK.CHAIN_ID, CHAIN.value())
        .set(BLOCK.NUMBER, block.point().number())
        .set(BLOCK.HASH, block.point().hash())
        .set(BLOCK.PARENT_HASH, block.point().parentHash())
        .set(BLOCK.TIMESTAMP, block.point().timestamp())
        .set(BLOCK.VERIFICATION, "receipts")
        .set(BLOCK.LOG_COUNT, block.events().size())
        .execute();
  }
}
