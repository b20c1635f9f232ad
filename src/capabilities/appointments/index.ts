// The door of appointments: they go with the customer, and their words go with the person's rights.
export { eraseAppointments, moveAppointments } from './service/follow.ts';
