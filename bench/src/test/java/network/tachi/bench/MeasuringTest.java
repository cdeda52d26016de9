package network.tachi.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.WordBuffer;
import network.tachi.evm.rpc.Log;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuringTest {
  @Test
  void percentiles_shouldBeByNearestRank() {
    Percentiles hundred =
        new Percentiles(DoubleStream.iterate(100, x -> x - 1).limit(100).boxed().toList());
    assertThat(hundred.at(50)).isEqualTo(50);
    assertThat(hundred.at(99)).isEqualTo(99);
    assertThat(hundred.at(99.9)).isEqualTo(100);
    assertThat(hundred)
        .hasToString("n=100 p50 50.0, p90 90.0, p99 99.0, p99.9 100.0, max 100.0 ms, mean 50.5 ms");
    assertThatThrownBy(() -> new Percentiles(List.of()).at(50)).isInstanceOf(BenchException.class);
  }

  @Test
  void processTree_shouldCountProcessorTimeAndMemoryOfChildren(@TempDir Path folder) {
    List<String> spin = List.of("sh", "-c", "sh -c 'i=0; while :; do i=$((i+1)); done'");
    try (Child child = Child.start("spin", spin, Map.of(), folder, folder.resolve("log"))) {
      child.await(
          "spins", java.time.Duration.ofSeconds(20), () -> child.meter().cpuSeconds() > 0.1);
      assertThat(child.meter().peakMebibytes()).isBetween(0L, 50L);
    }
  }

  @Test
  void childThatEnds_shouldFailWithItsLastWords(@TempDir Path folder) {
    List<String> fail = List.of("sh", "-c", "echo no database; exit 3");
    try (Child child = Child.start("fail", fail, Map.of(), folder, folder.resolve("log"))) {
      assertThatThrownBy(() -> child.await("never", java.time.Duration.ofSeconds(20), () -> false))
          .isInstanceOf(BenchException.class)
          .hasMessageContaining("code 3")
          .hasMessageContaining("no database");
    }
  }

  private static Log payment(long license, long amount) {
    return new Log(
        Address.ZERO,
        List.of(Hash.ZERO, Hash.ZERO, Hash.ofUint(license), Hash.ZERO),
        Bytes.wrap(new WordBuffer(4).uint(amount).uint(0).uint(1).uint(2).toBytes()),
        1,
        Hash.ZERO,
        Hash.ZERO,
        0,
        0,
        false,
        3L);
  }

  @Test
  void totals_shouldBeComparedLicenceByLicence() {
    Expected expected = new Expected();
    expected.add(List.of(payment(1, 10), payment(2, 5), payment(1, 7)));
    List<List<String>> right = List.of(List.of("2", "5", "1"), List.of("1", "17", "2"));
    assertThat(expected.differences(3, right)).isEmpty();
    assertThat(expected.differences(4, right)).contains("expected 3 rows, found 4");
    assertThat(expected.differences(3, List.of(List.of("1", "17", "2")))).contains("differ");
    assertThat(expected.differences(3, List.of(List.of("2", "6", "1"), List.of("1", "17", "2"))))
        .contains("differ");
    assertThat(new Expected.Total(BigInteger.TWO, 1).plus(BigInteger.TEN))
        .isEqualTo(new Expected.Total(BigInteger.valueOf(12), 2));
  }

  private static Set<Hash> hashes(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(n -> Keccak.hash("block " + n))
        .collect(java.util.stream.Collectors.toSet());
  }

  @Test
  void readsOfTwoForks_shouldBeFound() {
    Set<Hash> old = hashes(1, 5);
    Set<Hash> fresh = hashes(6, 10);
    assertThat(ForkReaders.isMixed(old, old, fresh)).isFalse();
    assertThat(ForkReaders.isMixed(fresh, old, fresh)).isFalse();
    assertThat(ForkReaders.isMixed(Set.of(), old, fresh)).isFalse();
    assertThat(ForkReaders.isMixed(hashes(5, 6), old, fresh)).isTrue();
    assertThat(ForkReaders.isMixed(hashes(11, 11), old, fresh)).isTrue();
  }
}
