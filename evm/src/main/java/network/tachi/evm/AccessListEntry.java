package network.tachi.evm;

import java.util.List;

/**
 * An entry of an access list (EIP-2930).
 *
 * @param address the account
 * @param storageKeys its storage slots
 */
public record AccessListEntry(Address address, List<Hash> storageKeys) {
  /** Copies the list. */
  public AccessListEntry {
    storageKeys = List.copyOf(storageKeys);
  }

  static void write(List<AccessListEntry> list, RlpWriter writer) {
    writer.beginList();
    for (AccessListEntry entry : list) {
      writer.beginList().address(entry.address).beginList();
      entry.storageKeys.forEach(writer::hash);
      writer.endList().endList();
    }
    writer.endList();
  }

  static List<AccessListEntry> read(RlpItem item) {
    return item.asList().stream().map(AccessListEntry::readEntry).toList();
  }

  private static AccessListEntry readEntry(RlpItem item) {
    List<RlpItem> parts = item.asList();
    if (parts.size() != 2) {
      throw new RlpException("expected an access list entry of 2 items, found " + parts.size());
    }
    return new AccessListEntry(
        Address.of(parts.get(0).asBytes().unsafeArray()),
        parts.get(1).asList().stream().map(key -> Hash.of(key.asBytes().unsafeArray())).toList());
  }
}
