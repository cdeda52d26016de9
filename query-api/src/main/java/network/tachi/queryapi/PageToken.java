package network.tachi.queryapi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import network.tachi.evm.Keccak;
import network.tachi.proto.v1.Page;
import network.tachi.server.ApiError;
import network.tachi.server.ApiException;

/**
 * One page of a list that is ordered by a key: how many items, and behind which key. The token is
 * opaque to clients and holds for the same list with the same filters only.
 *
 * @param list name and filters of the list
 * @param size items of a page
 * @param after the key of the last item of the page before
 */
record PageToken(String list, int size, List<Long> after) {
  private static final int DEFAULT_SIZE = 100;
  private static final int MAX_SIZE = 1000;
  private static final int TAG_SIZE = 8;

  /**
   * Reads a page request.
   *
   * @param start the key before the first page
   */
  static PageToken of(Page page, String list, Long... start) {
    int size = page.getSize();
    if (size < 0 || size > MAX_SIZE) {
      throw ApiException.invalid("page.size", "1 to " + MAX_SIZE, Integer.toUnsignedString(size));
    }
    List<Long> after =
        page.getToken().isEmpty() ? List.of(start) : decode(page.getToken(), list, start.length);
    return new PageToken(list, size == 0 ? DEFAULT_SIZE : size, after);
  }

  /** How many rows to fetch: one more than a page, to know whether there is another. */
  int fetch() {
    return size + 1;
  }

  /** The items of this page. */
  <T> List<T> items(List<T> fetched) {
    return fetched.size() > size ? fetched.subList(0, size) : fetched;
  }

  /** The token of the next page, made of the key of the last item; empty if this is the last. */
  <T> String next(List<T> fetched, Function<T, List<Long>> key) {
    if (fetched.size() <= size) {
      return "";
    }
    List<Long> last = key.apply(fetched.get(size - 1));
    ByteBuffer bytes = ByteBuffer.allocate(TAG_SIZE + last.size() * Long.BYTES);
    bytes.put(tag(list));
    last.forEach(bytes::putLong);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  private static List<Long> decode(String token, String list, int length) {
    byte[] bytes = orRefuse(token, Base64.getUrlDecoder()::decode);
    if (bytes.length != TAG_SIZE + length * Long.BYTES
        || !Arrays.equals(Arrays.copyOf(bytes, TAG_SIZE), tag(list))) {
      throw refused(token);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, TAG_SIZE, bytes.length - TAG_SIZE);
    return Stream.generate(buffer::getLong).limit(length).toList();
  }

  private static byte[] orRefuse(String token, Function<String, byte[]> decoder) {
    try {
      return decoder.apply(token);
    } catch (IllegalArgumentException _) {
      throw refused(token);
    }
  }

  private static ApiException refused(String token) {
    return ApiException.of(
        ApiError.ofField(
            QueryErrors.INVALID_PAGE_TOKEN,
            "page.token",
            "nextPageToken of this list with the same filters",
            token));
  }

  private static byte[] tag(String list) {
    return Arrays.copyOf(Keccak.hash(list).toBytes(), TAG_SIZE);
  }
}
