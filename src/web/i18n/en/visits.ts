import type { visits as zh } from '../zh/visits.ts';

export const visits: typeof zh = {
  answer: '{{day}}: {{n}} visits, a round of about {{km}} km in the order agreed.',
  answerNone: '{{day}}: no visits planned.',
  stops: 'The way',
  fromStart: '{{km}} km from your unit',
  fromBefore: '{{km}} km from the stop before',
  fromStop: '{{km}} km from the nearest stop',
  short: 'About {{n}} minutes too little to get there',
  unplaced: 'The customer’s data hold no coordinates, so they are not on the map',
  shortest: 'The order agreed is the shortest round.',
  shorter: 'In the order {{order}} it would be about {{km}} km, {{less}} km less.',
  near: 'On the way',
  round: 'A round you could make',
  nobodyNear: 'Nobody else with something to do lives within 1.5 km.',
  nobodyToSee: 'Nobody with something to do lives nearby.',
  noPlaces: 'There are no coordinates to draw a map of. Please give longitude and latitude in the files of units and customers.',
  make: 'Visit',
  makeFor: 'Arrange to visit {{name}}',
  how: 'Chosen from the queue by what is at stake. Distances are straight lines; minutes reckon two fifths more for streets, 15 km an hour and 5 minutes a stop.',
  map: 'Map of the visits',
  mapHint:
    'North is up, to scale, places to a hundred metres. Numbers are visits in the order agreed, letters whom you could see.',
  startMark: 'B',
  km: '{{km}} km',
};
