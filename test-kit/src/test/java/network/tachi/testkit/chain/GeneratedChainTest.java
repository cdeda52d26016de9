package network.tachi.testkit.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import network.tachi.evm.Hash;
import org.junit.jupiter.api.Test;

class GeneratedChainTest {
  private static final ChainSpec SPEC = ChainSpec.base(7, Stories.busy(50));

  private static List<Hash> hashes(Tip tip) {
    return LongStream.rangeClosed(0, tip.number()).mapToObj(n -> tip.block(n).hash()).toList();
  }

  private static Set<Hash> transactions(GeneratedChain chain, Tip tip, long from, long to) {
    return LongStream.rangeClosed(from, to)
        .boxed()
        .flatMap(n -> chain.body(tip.at(n)).transactions().stream())
        .filter(each -> each.plan().kind() != PlannedTransaction.Kind.DEPOSIT)
        .map(BodyTransaction::hash)
        .collect(Collectors.toSet());
  }

  @Test
  void equalSpecs_shouldGiveEqualBlocks() {
    GeneratedChain one = GeneratedChain.create(SPEC);
    GeneratedChain two = GeneratedChain.create(SPEC);
    Tip inOneGo = one.extend(one.genesis(), 50);
    Tip stepByStep = two.genesis();
    for (int i = 0; i < 50; i++) {
      stepByStep = two.extend(stepByStep, 1);
    }
    assertThat(hashes(stepByStep)).isEqualTo(hashes(inOneGo)).doesNotHaveDuplicates();
    assertThat(two.fork(stepByStep, 9, 12, Replacement.OTHER).hash())
        .isEqualTo(one.fork(inOneGo, 9, 12, Replacement.OTHER).hash());
  }

  @Test
  void otherSeeds_shouldGiveOtherBlocks() {
    Set<Hash> genesis = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      genesis.add(GeneratedChain.create(ChainSpec.base(seed, Workload.EMPTY)).genesis().hash());
    }
    assertThat(genesis).hasSize(20);
  }

  @Test
  void blocksOfBase_shouldShareTimestampsFiveByFive() {
    GeneratedChain chain = GeneratedChain.create(SPEC);
    Tip tip = chain.extend(chain.genesis(), 50);
    assertThat(
            LongStream.rangeClosed(0, 49)
                .boxed()
                .collect(
                    Collectors.groupingBy(n -> tip.block(n).timestamp(), Collectors.counting()))
                .values())
        .containsOnly(5L)
        .hasSize(10);
    assertThat(tip.block(50).timestamp()).isEqualTo(tip.block(0).timestamp() + 10);
  }

  @Test
  void forks_shouldShareAllBlocksBelowTheirBase() {
    GeneratedChain chain = GeneratedChain.create(SPEC);
    Tip tip = chain.extend(chain.genesis(), 100);
    for (int depth : List.of(1, 2, 64, 100)) {
      Tip fork = chain.fork(tip, depth, depth + 1L, Replacement.OTHER);
      assertThat(fork.number()).isEqualTo(101);
      assertThat(fork.ancestor(tip)).isEqualTo(tip.block(100L - depth));
      assertThat(tip.contains(fork.block())).isFalse();
      assertThat(chain.block(fork.hash())).contains(fork);
    }
  }

  @Test
  void forkOfAFork_shouldFindItsBlocks() {
    GeneratedChain chain = GeneratedChain.create(SPEC);
    Tip tip = chain.extend(chain.genesis(), 20);
    for (int i = 0; i < 50; i++) {
      Tip next = chain.fork(tip, 5, 6, Replacement.OTHER);
      assertThat(next.block(tip.number() - 5)).isEqualTo(tip.block(tip.number() - 5));
      assertThat(next.block(tip.number() - 4)).isNotEqualTo(tip.block(tip.number() - 4));
      tip = next;
    }
    Tip last = tip;
    assertThat(IntStream.rangeClosed(1, 70).mapToObj(n -> last.block(n).parentHash()).toList())
        .isEqualTo(hashes(last).subList(0, 70));
  }

  @Test
  void shorterFork_shouldEndBelowTheOldTip() {
    GeneratedChain chain = GeneratedChain.create(SPEC);
    Tip fork = chain.fork(chain.extend(chain.genesis(), 30), 10, 4, Replacement.OTHER);
    assertThat(fork.number()).isEqualTo(24);
  }

  @Test
  void sameReplacement_shouldHoldTheSameTransactionsInOtherBlocks() {
    GeneratedChain chain = GeneratedChain.create(SPEC);
    Tip tip = chain.extend(chain.genesis(), 40);
    Tip fork = chain.fork(tip, 10, 10, Replacement.SAME);
    for (long n = 31; n <= 40; n++) {
      assertThat(fork.block(n).hash()).isNotEqualTo(tip.block(n).hash());
      assertThat(transactions(chain, fork, n, n)).isEqualTo(transactions(chain, tip, n, n));
    }
    assertThat(transactions(chain, tip, 31, 40)).isNotEmpty();
  }

  @Test
  void laterReplacement_shouldHoldTheSameTransactionsOneBlockLater() {
    GeneratedChain chain = GeneratedChain.create(ChainSpec.base(7, Payments.comparison()));
    Tip tip = chain.extend(chain.genesis(), 40);
    Tip fork = chain.fork(tip, 10, 11, Replacement.LATER);
    assertThat(transactions(chain, fork, 31, 31)).isEmpty();
    for (long n = 32; n <= 41; n++) {
      assertThat(transactions(chain, fork, n, n))
          .hasSize(5)
          .isEqualTo(transactions(chain, tip, n - 1, n - 1));
    }
    Hash moved = chain.body(tip).transactions().getLast().hash();
    assertThat(chain.blocksOf(moved)).containsExactly(tip, fork);
  }

  @Test
  void emptyReplacement_shouldHoldNothing() {
    GeneratedChain chain = GeneratedChain.create(SPEC);
    Tip fork = chain.fork(chain.extend(chain.genesis(), 40), 10, 10, Replacement.NOTHING);
    assertThat(transactions(chain, fork, 31, 40)).isEmpty();
    assertThat(fork.block().logsBloom()).isEqualTo(Bloom.EMPTY);
  }

  @Test
  void otherReplacement_shouldShareNoTransaction() {
    GeneratedChain chain = GeneratedChain.create(SPEC);
    Tip tip = chain.extend(chain.genesis(), 40);
    Tip fork = chain.fork(tip, 10, 10, Replacement.OTHER);
    assertThat(transactions(chain, fork, 31, 40))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(transactions(chain, tip, 31, 40));
  }

  @Test
  void bodies_shouldBeMadeAgainAsTheyWere() {
    GeneratedChain chain = GeneratedChain.create(SPEC);
    Tip tip = chain.extend(chain.genesis(), 60);
    for (long n = 0; n <= 60; n++) {
      BlockBody body = chain.body(tip.at(n));
      assertThat(body.receiptsRoot(SPEC.shape())).isEqualTo(tip.block(n).receiptsRoot());
      assertThat(body.transactionsRoot()).isEqualTo(tip.block(n).transactionsRoot());
      assertThat(body.logsBloom()).isEqualTo(tip.block(n).logsBloom());
    }
  }
}
