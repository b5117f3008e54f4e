/**
 * Numbers that travel on the wire, with their names (SPEC section 5).
 * A receiver passes on a number that it has no name for (CR-016).
 */

/** Why a message was refused. 1–31: its form or its seal; 32 and above: what it asks for. */
export const Refusal = {
  none: 0,
  tooShort: 1,
  tooLong: 2,
  notAnArray: 3,
  wrongVersion: 4,
  wrongType: 5,
  badField: 6,
  badText: 7,
  trailingBytes: 8,
  unknownKey: 9,
  notSealed: 11,
  badTag: 12,
  replayed: 13,
  stale: 14,
  fromFuture: 15,
  wrongUnit: 16,
  wrongDirection: 17,
  expired: 32,
  stoodDown: 33,
  deskFull: 34,
  /** Not while a dispatch is open. */
  jobOpen: 35,
  /** A setting outside its range: nothing was changed. */
  badSetting: 36,
  /** The unit cannot do this, or has no name for it. */
  notSupported: 37,
  /** The new settings cut the unit off: it went back to those before. */
  rolledBack: 38,
} as const;

/** What the unit did with a dispatch: the steps of a receipt. */
export const Step = {
  verified: 1,
  refused: 2,
  sounding: 3,
  acknowledged: 4,
  stoodDown: 5,
  expired: 6,
  /** The same dispatch came again; nothing sounded again (CR-044). */
  duplicate: 7,
  /** The unit restarted with the dispatch open, and sounds it again. */
  resumed: 8,
  /** A person touched a button: it is quiet but for a reminder, and still open. */
  seen: 9,
  /** Nobody has touched a button: it sounds louder. */
  louder: 10,
  /** Still nobody has. It sounds on; the control room should call somebody else. */
  unanswered: 11,
  /** New facts were taken. */
  updated: 12,
} as const;

/** What the crew said of a dispatch: their answer, and how the job goes on. */
export const Answer = {
  accept: 1,
  decline: 2,
  enRoute: 3,
  onScene: 4,
  /** They were there before they were called (L4). */
  alreadyOnScene: 5,
  aedTaken: 6,
  aedUsed: 7,
  /** To the ambulance crew (L5). */
  handedOver: 8,
  notAnArrest: 9,
  clear: 10,
  /** Somebody of the crew wants to be asked how they are (N8). */
  welfare: 11,
} as const;

export const DeclineReason = {
  none: 0,
  notStated: 1,
  /** A police or fire emergency that goes first (Y2). */
  otherEmergency: 2,
  aedNotReady: 3,
  tooFar: 4,
  other: 5,
} as const;

/** Whether the crew can be sent (L3, Y2). */
export const CrewStatus = { available: 1, unavailable: 2, committedElsewhere: 3 } as const;

/** What the dispatch is for; the eligibility tables of the schemes decide who is sent. */
export const Category = { cardiacArrest: 1, respiratoryArrest: 2, test: 3 } as const;

export const StandDownReason = {
  notStated: 1,
  ambulanceOnScene: 2,
  notAnArrest: 3,
  other: 4,
} as const;

/** Where the unit's time comes from: how far a time of the unit may be trusted. */
export const ClockQuality = { unknown: 0, drifting: 1, network: 2, gps: 3 } as const;

/** What a command asks of the unit. */
export const Command = {
  rotateKeys: 1,
  /** Play each pattern, light each lamp. */
  selfTest: 2,
  /** Chirp and flash, so that the unit is found. */
  locate: 3,
  /** Send position, AED, the crew's status and health at once. */
  report: 4,
  /** Refused while a dispatch is open. */
  reboot: 5,
} as const;

export const ControlState = { away: 0, onDuty: 1 } as const;

/** Why a unit was started. */
export const RestartCause = {
  /** Or a reset that left no word: of the watchdog, or of the supply. */
  powerOn: 0,
  /** The unit itself: memory stayed short for long. */
  memory: 1,
  /** The unit itself: a task did not beat any more. */
  tasks: 2,
  /** A command said so. */
  command: 3,
} as const;

/** What the interpreter ran out of: a set of bits. */
export const Exhaustion = {
  memory: 1,
  /** Memory was short, and sufficed. */
  lowMemory: 2,
  stack: 4,
  /** Input came faster than it was taken. */
  lostInput: 8,
  /** A listener ended with it. */
  listener: 16,
} as const;

export const UnitKind = { vehicle: 1, station: 2 } as const;

export const Presence = { unknown: 0, present: 1, absent: 2 } as const;

/** "Ready" means: no fault seen. Unknown is never ready. */
export const Readiness = { unknown: 0, ready: 1, attention: 2, fault: 3 } as const;

/** Why an AED is not known to be ready: a set of bits. */
export const AedReason = {
  /** No sensor watches the AED's own indicator. */
  notSensed: 1,
  /** What watches it has not been read for long. */
  sensorStale: 2,
  /** Its indicator has not blinked. */
  dark: 4,
  /** Its indicator is lit all the time: in use, or in its self-test for too long. */
  steady: 8,
  /** Colder or hotter than it may be kept. */
  cold: 16,
  hot: 32,
  /** Near the limit: bring it indoors. */
  nearLimit: 64,
  /** Outside its limits for so long that it may have suffered. */
  dose: 128,
  padsDue: 256,
  padsExpired: 512,
  batteryDue: 1024,
  batteryExpired: 2048,
  /** Another AED than the unit's own is in the bracket. */
  tagMismatch: 4096,
  /** It was used, and nobody has said that it is restocked. */
  usedNotRestocked: 8192,
  /** It has been out of its bracket for long, and there is no job. */
  away: 16384,
} as const;

/** Where an AED is carried: in a bracket with a switch, or in a kit, where a person says so (Y6). */
export const AedMount = { bracket: 0, kit: 1 } as const;

/** Kind of position fix. */
export const Fix = {
  none: 0,
  gps: 1,
  differential: 2,
  estimated: 3,
  /** Of a station: its place as configured (L1). */
  surveyed: 4,
} as const;

/** Why a position is reported now. */
export const PositionReason = {
  periodic: 1,
  fixGained: 2,
  fixLost: 3,
  started: 4,
  /** Far from where it was reported last. */
  distance: 5,
  turned: 6,
  stopped: 7,
  /** Of a time when nobody could be told: not where the unit is now. */
  missed: 8,
} as const;
