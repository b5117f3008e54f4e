/** Every reason that the control room gives in its ledger, in words (README, "Reasons"). */
export const REASONS: Readonly<Record<string, string>> = {
  // Why no unit is alerted for a call, now or ever.
  noAmbulance: 'The call has no ambulance: give it again with one (L8).',
  schemeNotRunning: 'The scheme has not begun, or has ended (N7).',
  notMatched: 'The call meets no rule of the criteria (L7).',
  outsideAreas: 'Its place lies in no area of the scheme.',
  beforeGoLive: 'The area is not live yet (L10).',
  gateClosed: 'The partner has no capacity in the area (L9).',
  noUnitInReach: 'No unit is near enough, or nobody knows where they are.',
  noUnitEligible: 'Units are near enough, and none of them can go.',
  mostUnitsAlerted: 'As many as the scheme allows were alerted.',
  // Why a unit is passed over; the three of the AED also what its crew is told.
  onAlert: 'It is on another alert.',
  unitDead: 'It has no link to the control room.',
  capabilityMissing: 'It lacks what the scheme needs (Y1).',
  crewUnavailable: 'Its crew says that they cannot go.',
  crewUnknown: 'Its crew has not said whether they can go.',
  crewCommitted: 'Its crew is at an emergency of their own service (Y2).',
  aedAbsent: 'Its AED is not in its place.',
  aedNotReady: 'Its AED has a fault, or needs attention.',
  aedUnknown: 'Nobody knows whether its AED is there, and ready.',
  skillNotCurrent: 'The training of those on board has lapsed (Y7, N6).',
  skillUnknown: 'It is not known who is on board, or what they learnt.',
  positionStale: 'Its position is too old.',
  positionUnknown: 'Its position was never told.',
  // Why an alert does not count any more, or is over.
  silent: 'Nobody answered in time; it still sounds.',
  released_police_priority: 'An emergency of their own service took the crew away (Y2).',
  expired: 'Nobody answered until it expired.',
  noWordOfEnd: 'The crew never said that the job was over.',
  // Why a unit is sent back.
  ambulanceOnScene: 'The ambulance is with the patient.',
  otherUnitOnScene: 'Another unit is with the patient.',
  notAnArrest: 'The crew on scene found no arrest.',
  incidentClosed: 'The incident was closed.',
  // Why a change of capacity is refused.
  notThePartner: 'Who asks is not the partner.',
  unknownPartner: 'The partner is not that of this scheme.',
  unknownArea: 'The scheme has no such area.',
  noReason: 'No reason was given.',
  // What is warned of.
  aboveForecast: 'Seven days had more activations than were forecast (Y4).',
  // What was told about nothing that is known.
  unknownAlert: 'No such alert was made.',
  unknownAmbulance: 'No incident has this ambulance.',
  unknownUnit: 'The scheme has no such unit.',
  unknownVolunteer: 'This volunteer was not alerted for this incident.',
  unknownIncident: 'There is no such incident.',
  closedBefore: 'The incident was closed before.',
  badCounts: 'The numbers of patients cannot be.',
};
