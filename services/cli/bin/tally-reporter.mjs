// A vitest reporter that writes what passed, failed and was skipped (with the reason given to `skip`) to the file named
// by GUANLAN_TEST_TALLY.
import { writeFileSync } from 'node:fs';

export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const nameOf = (task) => `${module.relativeModuleId ?? module.moduleId} > ${task.fullName}`;
      // A file or a hook that fails takes its tests with it unrun: that is a failure, not a skip.
      const broken = [module, ...module.children.allSuites()].filter((task) => task.errors().length > 0);
      tally.failed.push(...broken.map((task) => (task === module ? module.moduleId : nameOf(task))));
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') tally.passed += 1;
        else if (result.state === 'failed') tally.failed.push(nameOf(test));
        else if (result.state === 'pending') tally.failed.push(`${nameOf(test)}（未完成）`);
        else tally.skipped.push({ name: nameOf(test), reason: result.note ?? '' });
      }
    }
    tally.failed.push(...unhandledErrors.map((error) => `未捕获的错误：${error.message}`));
    writeFileSync(process.env.GUANLAN_TEST_TALLY, JSON.stringify(tally));
  }
}
