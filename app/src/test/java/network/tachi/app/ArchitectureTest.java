package network.tachi.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point one way, roles never import each other, and web3j stays in its one package.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("network.tachi");

  private static final String[] ROLES = {
    "network.tachi.indexer..",
    "network.tachi.oracle..",
    "network.tachi.gateway..",
    "network.tachi.queryapi.."
  };

  @Test
  void modules_shouldDependOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("evm")
        .definedBy("network.tachi.evm..")
        .layer("proto")
        .definedBy("network.tachi.proto..")
        .layer("config")
        .definedBy("network.tachi.chainconfig..")
        .layer("contracts")
        .definedBy("network.tachi.contracts..")
        .layer("store")
        .definedBy("network.tachi.store..")
        .layer("tx")
        .definedBy("network.tachi.tx..")
        .layer("server")
        .definedBy("network.tachi.server..")
        .layer("roles")
        .definedBy(ROLES)
        .layer("app")
        .definedBy("network.tachi.app..")
        .whereLayer("app")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("roles")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("roles", "app")
        .whereLayer("tx")
        .mayOnlyBeAccessedByLayers("roles", "app")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("tx", "roles", "app")
        .whereLayer("contracts")
        .mayOnlyBeAccessedByLayers("roles", "app")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("contracts", "roles", "app")
        .whereLayer("evm")
        .mayOnlyBeAccessedByLayers("config", "contracts", "store", "tx", "roles", "app")
        .check(CLASSES);
  }

  @Test
  void roles_shouldNotImportEachOther() {
    for (String role : ROLES) {
      for (String other : ROLES) {
        if (!role.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage(role)
              .should()
              .dependOnClassesThat()
              .resideInAPackage(other)
              .check(CLASSES);
        }
      }
    }
  }

  @Test
  void modules_shouldHaveNoCycles() {
    slices().matching("network.tachi.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void web3j_shouldStayInItsPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("network.tachi.contracts.web3j..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.web3j..")
        .check(CLASSES);
  }

  @Test
  void roles_shouldNotRunWeb3j() {
    noClasses()
        .that()
        .resideInAnyPackage(ROLES)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("network.tachi.contracts.web3j..")
        .check(CLASSES);
  }

  @Test
  void standardOutput_shouldBelongToTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("network.tachi.app..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }
}
