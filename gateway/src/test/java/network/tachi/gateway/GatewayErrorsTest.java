package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import network.tachi.server.ApiException;
import network.tachi.server.ErrorCode;
import org.junit.jupiter.api.Test;

class GatewayErrorsTest {
  @Test
  void tryAgain_withACause_shouldKeepBoth() {
    IOException cause = new IOException("gone");

    ApiException failure = GatewayErrors.tryAgain("the oracle does not answer", cause);

    assertThat(failure).hasCause(cause);
    assertThat(failure.error().code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure.error().retryAfter()).isNotNull();
  }
}
