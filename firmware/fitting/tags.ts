/** Which AED is in the bracket, where a reader of tags is fitted beside it. */
import { tagRead } from '../aed/bay.js';
import { createTagReader, feedTagReader } from '../aed/tag-reader.js';
import { wake } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { Task } from './task.js';

/** @rare */
export function fitTags(unit: Unit): void {
  const line = unit.ports.tags;
  if (line === null) return;
  const reader = createTagReader();
  line.onData(function (bytes) {
    const tag = feedTagReader(reader, bytes);
    if (tag === '') return;
    tagRead(unit.bay, tag);
    wake(unit.tasks, Task.bay);
  });
}
