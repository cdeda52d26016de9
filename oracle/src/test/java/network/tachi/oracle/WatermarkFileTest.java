package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatermarkFileTest {
  private static final Hash DEPLOYMENT = Keccak.hash("deployment");
  private static final Watermark MARK = new Watermark(2, 10, Keccak.hash("leaf"));

  @TempDir private Path directory;

  @Test
  void newDeployment_shouldHaveNoMark() {
    assertThat(open().current()).isEmpty();
  }

  @Test
  void markThatWasReached_shouldBeThereAfterARestart() {
    open().reach(MARK);
    assertThat(open().current()).contains(MARK);
  }

  @Test
  void lowerMark_shouldChangeNothing() {
    WatermarkFile file = open();
    file.reach(MARK);
    file.reach(new Watermark(2, 9, Keccak.hash("other")));
    file.reach(new Watermark(1, 99, Keccak.hash("other")));
    assertThat(file.current()).contains(MARK);
  }

  @Test
  void lowerIndexOfALaterGeneration_shouldBeFurther() {
    WatermarkFile file = open();
    file.reach(MARK);
    Watermark later = new Watermark(3, 4, Keccak.hash("other"));
    file.reach(later);
    assertThat(open().current()).contains(later);
  }

  @Test
  void otherLeafAtTheMark_shouldBeRefused() {
    WatermarkFile file = open();
    file.reach(MARK);
    assertThatThrownBy(() -> file.reach(new Watermark(2, 10, Keccak.hash("other"))))
        .isInstanceOf(LogRolledBackException.class);
  }

  @Test
  void damagedFile_shouldBeRefused() throws IOException {
    open().reach(MARK);
    Path file = directory.resolve(DEPLOYMENT + ".watermark");
    String text = Files.readString(file);
    for (String damaged : new String[] {"", text.substring(0, 100), text.replace("10", "ten")}) {
      Files.writeString(file, damaged);
      assertThatThrownBy(this::open).isInstanceOf(LogRolledBackException.class);
    }
  }

  @Test
  void fileOfAnotherDeployment_shouldBeRefused() throws IOException {
    open().reach(MARK);
    Hash other = Keccak.hash("other deployment");
    Files.copy(
        directory.resolve(DEPLOYMENT + ".watermark"), directory.resolve(other + ".watermark"));
    assertThatThrownBy(() -> WatermarkFile.open(directory, other))
        .isInstanceOf(LogRolledBackException.class);
  }

  private WatermarkFile open() {
    return WatermarkFile.open(directory, DEPLOYMENT);
  }
}
