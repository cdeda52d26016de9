package network.tachi.testkit.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import network.tachi.evm.Hash;

/**
 * Receipts of many blocks as JSON in a file, so that serving them costs next to nothing. The file
 * is read through the system's page cache. For use by many threads once it is made.
 */
final class ReceiptsSpool implements AutoCloseable {
  private final FileChannel file;
  private final Map<Hash, Place> places = new HashMap<>();

  /** Where a block's receipts are. */
  private record Place(long offset, int length) {}

  private ReceiptsSpool(FileChannel file) {
    this.file = file;
  }

  /** Writes the receipts of all blocks up to a tip. */
  static ReceiptsSpool write(Path path, BlockJson json, Tip tip) {
    try {
      ReceiptsSpool spool =
          new ReceiptsSpool(
              FileChannel.open(
                  path,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE));
      long offset = 0;
      for (long number = 0; number <= tip.number(); number++) {
        JsonBytes out = new JsonBytes(1 << 16);
        json.receipts(out, tip.at(number));
        ByteBuffer bytes = ByteBuffer.wrap(out.toBytes());
        spool.places.put(tip.block(number).hash(), new Place(offset, bytes.remaining()));
        while (bytes.hasRemaining()) {
          offset += spool.file.write(bytes, offset);
        }
      }
      return spool;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }

  /** Writes the receipts of a block; false if it is not in the file. */
  boolean read(JsonBytes out, Hash block) {
    Place place = places.get(block);
    if (place == null) {
      return false;
    }
    ByteBuffer target = out.room(place.length());
    try {
      while (target.hasRemaining()) {
        long at = place.offset() + place.length() - target.remaining();
        if (file.read(target, at) < 0) {
          throw new IOException("the file of receipts is too short");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
