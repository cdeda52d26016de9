package network.tachi.contracts.event;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.evm.AbiEvent;
import network.tachi.evm.AbiException;
import network.tachi.evm.AbiReader;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;

/** The events of one contract by their first topic, each with the way to read it. */
final class EventTable {
  /**
   * How one event is read.
   *
   * @param abi signature and topics
   * @param words words of the data's head
   * @param fixed whether the data is the head and nothing more
   * @param reader makes the event of topics and data
   */
  private record Entry(
      AbiEvent abi, int words, boolean fixed, BiFunction<AbiReader, AbiReader, TachiEvent> reader) {
    TachiEvent read(List<Hash> topics, Bytes data) {
      int head = words * Hash.SIZE;
      if (fixed ? data.size() != head : data.size() < head || data.size() % Hash.SIZE != 0) {
        throw new MalformedEventException(
            abi, "expected " + words + " words of data, found " + data.size() + " bytes");
      }
      try {
        return reader.apply(abi.readTopics(topics), AbiReader.of(data));
      } catch (AbiException | InvalidValueException e) {
        throw new MalformedEventException(abi, e);
      }
    }
  }

  /** Collects the events of a contract. */
  static final class Builder {
    private final Map<Hash, Entry> entries = new HashMap<>();

    /** Adds an event whose data is so many static words. */
    Builder fixed(AbiEvent abi, int words, BiFunction<AbiReader, AbiReader, TachiEvent> reader) {
      return add(new Entry(abi, words, true, reader));
    }

    /** Adds an event whose data has a head of so many words and tails behind. */
    Builder dynamic(AbiEvent abi, int words, BiFunction<AbiReader, AbiReader, TachiEvent> reader) {
      return add(new Entry(abi, words, false, reader));
    }

    private Builder add(Entry entry) {
      if (entries.put(entry.abi().topic0(), entry) != null) {
        throw new IllegalStateException("two events of signature " + entry.abi().signature());
      }
      return this;
    }

    EventTable build() {
      return new EventTable(entries);
    }
  }

  private final Map<Hash, Entry> entries;

  private EventTable(Map<Hash, Entry> entries) {
    this.entries = Map.copyOf(entries);
  }

  /** Reads a log; empty if its first topic is none of this contract's. */
  Optional<TachiEvent> decode(List<Hash> topics, Bytes data) {
    Entry entry = topics.isEmpty() ? null : entries.get(topics.getFirst());
    return entry == null ? Optional.empty() : Optional.of(entry.read(topics, data));
  }

  /** The first topics. */
  Set<Hash> topics() {
    return entries.keySet();
  }

  /** A {@code uint8} or {@code uint16}. */
  static int small(AbiReader reader, int slot, int bits) {
    return reader.uint(slot, bits).intValueExact();
  }

  /** An {@code address[]}. */
  static List<Address> addresses(AbiReader reader, int slot) {
    AbiReader array = reader.array(slot, 1);
    Address[] addresses = new Address[array.length()];
    Arrays.setAll(addresses, array::address);
    return List.of(addresses);
  }

  /** The inline words of an epoch body. */
  static EpochBody epochBody(AbiReader r, int slot) {
    return new EpochBody(
        r.uint64(slot),
        r.word(slot + 1),
        r.uint64(slot + 2),
        r.word(slot + 3),
        r.uint64(slot + 4),
        r.word(slot + 5),
        r.amount(slot + 6),
        r.amount(slot + 7),
        r.word(slot + 8),
        r.word(slot + 9),
        r.uint64(slot + 10));
  }
}
